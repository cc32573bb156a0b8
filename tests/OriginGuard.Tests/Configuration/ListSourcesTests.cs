using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OriginGuard.Configuration;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Configuration;

public sealed class ListSourcesTests
{
    private const string File = """
        {
          "OriginGuard": {
            "SourceAddress": { "RecordNames": [], "Networks": [ "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24" ] },
            "SharedSecret": { "Secrets": [ "the-first-secret-of-the-file", "the-second-secret-of-the-file" ] },
            "Exemptions": [ { "Path": "/healthz", "Networks": [ "35.191.0.0/16", "130.211.0.0/22" ] }, { "Path": "/ready" } ]
          }
        }
        """;

    private const string Later = "the-secret-of-a-later-source";

    public static TheoryData<string> Shapes => ["root", "section", "manager", "section of a manager", "chained", "chained section", "section of another root"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_shorter_list_of_a_later_source_leaves_nothing_of_the_longer_one(string shape)
    {
        var options = Read(shape, ("SharedSecret:Secrets:0", Later), ("SourceAddress:Networks:0", "34.96.0.0/20"), ("SourceAddress:Networks:1", "34.127.192.0/18"));

        Assert.Equal([Later], options.SharedSecret.Secrets);
        Assert.Equal("34.96.0.0/20 34.127.192.0/18", string.Join(' ', options.SourceAddress.Networks!));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void An_exemption_inherits_no_networks_from_the_one_that_it_replaces(string shape)
    {
        var exemption = Assert.Single(Read(shape, ("Exemptions:0:Path", "/live")).Exemptions);

        Assert.Equal("/live", exemption.Path);
        Assert.Empty(exemption.Networks);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_source_that_says_nothing_of_a_list_leaves_it_whole(string shape)
    {
        var options = Read(shape, ("SharedSecret:HeaderName", "X-Other"), ("Exemptions", null));

        Assert.Equal(["the-first-secret-of-the-file", "the-second-secret-of-the-file"], options.SharedSecret.Secrets);
        Assert.Equal(3, options.SourceAddress.Networks!.Length);
        Assert.Equal("X-Other", options.SharedSecret.HeaderName);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void An_element_that_was_meant_to_be_added_is_a_mistake_that_says_how_to_write_it(string shape)
    {
        var mistake = Mistake(shape, ("SharedSecret:Secrets:1", Later));

        Assert.StartsWith("OriginGuard:SharedSecret:Secrets has no element 0", mistake, StringComparison.Ordinal);
        Assert.Contains("Write all elements there, from OriginGuard:SharedSecret:Secrets:0 on.", mistake, StringComparison.Ordinal);
        Assert.DoesNotContain(Later, mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_and_the_command_line_are_two_sources()
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(Json())
            .AddInMemoryCollection([new("OriginGuard:SharedSecret:Secrets:0", "the-first-of-the-environment"), new("OriginGuard:SharedSecret:Secrets:1", "the-second-of-the-environment")])
            .AddCommandLine(["--OriginGuard:SharedSecret:Secrets:0=the-only-one-of-the-command-line"])
            .Build();

        Assert.Equal(["the-only-one-of-the-command-line"], Options(configuration).SharedSecret.Secrets);
    }

    [Fact]
    public void A_null_over_a_list_is_a_mistake_where_the_list_would_stay() => Assert.StartsWith(
        "OriginGuard:Exemptions is null over a list of an earlier source",
        Mistake(new ConfigurationBuilder().AddJsonStream(Json()).AddInMemoryCollection([new("OriginGuard:Exemptions", null)]).Build()),
        StringComparison.Ordinal);

    [Fact]
    public void Named_elements_are_a_list_and_keep_their_names_in_mistakes()
    {
        var mistake = Mistake("root", ("SharedSecret:Secrets:current", Later), ("SharedSecret:Secrets:next", "too-short"));

        Assert.StartsWith("OriginGuard:SharedSecret:Secrets:next is 9 bytes;", mistake, StringComparison.Ordinal);
        Assert.Equal(2, Read("root", ("SharedSecret:Secrets:current", Later), ("SharedSecret:Secrets:next", GuardedApp.Secret)).SharedSecret.Secrets.Length);
    }

    [Fact]
    public void A_secret_that_became_the_name_of_an_element_is_not_repeated()
    {
        var mistake = Mistake("root", ($"SharedSecret:Secrets:{GuardedApp.Secret}", ""));

        Assert.StartsWith("OriginGuard:SharedSecret:Secrets:(33 characters) is 0 bytes;", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void Sources_that_cannot_be_told_apart_may_not_give_a_list_that_may_be_merged()
    {
        var merged = new Merged(new ConfigurationBuilder().AddJsonStream(Json()).AddInMemoryCollection([new("OriginGuard:SharedSecret:Secrets:0", Later)]).Build());

        var mistakes = Mistakes(merged);

        Assert.Equal(3, mistakes.Length);
        Assert.All(mistakes, mistake => Assert.Contains("comes from a configuration whose sources cannot be told apart", mistake, StringComparison.Ordinal));
        Assert.All(mistakes, mistake => Assert.DoesNotContain(Later, mistake, StringComparison.Ordinal));
    }

    [Fact]
    public void A_list_of_one_text_cannot_be_a_merged_one()
    {
        var merged = new Merged(new ConfigurationBuilder().AddInMemoryCollection([new("OriginGuard:SharedSecret:Secrets:0", Later)]).Build());

        Assert.Equal([Later], Options(merged).SharedSecret.Secrets);
    }

    [Fact]
    public async Task A_secret_that_a_later_source_took_away_admits_nobody()
    {
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Settings(("SharedSecret:Secrets:1", GuardedApp.PreviousSecret)),
            sources: configuration => configuration.AddInMemoryCollection([new("OriginGuard:SharedSecret:Secrets:0", GuardedApp.Secret)]));

        var old = await app.SendAsync(GuardedApp.LoadBalancer, request => request.Headers["X-Origin-Guard"] = GuardedApp.PreviousSecret);
        var current = await app.SendAsync(GuardedApp.LoadBalancer, request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);

        Assert.Equal((403, 200), (old.Response.StatusCode, current.Response.StatusCode));
    }

    [Fact]
    public void What_a_later_source_replaced_does_not_come_back_when_that_source_goes_empty()
    {
        var later = new Changing(("OriginGuard:SharedSecret:Secrets:0", Later), ("OriginGuard:SharedSecret:HeaderName", "X-Other"));
        var configuration = new ConfigurationBuilder().AddJsonStream(Json()).Add(later).Build();
        using var logs = new LogRecorder();
        using var provider = new ServiceCollection().AddLogging(logging => logging.AddProvider(logs)).AddOriginGuard(configuration).Services.BuildServiceProvider();
        var options = provider.GetRequiredService<OptionsInForce>();

        later.Become(("OriginGuard:SharedSecret:HeaderName", "X-Other"));

        Assert.Equal([Later], options.Current.SharedSecret.Secrets);
        Assert.StartsWith("The changed configuration is not used", Assert.Single(logs.WithId(4002)).Message, StringComparison.Ordinal);
        Assert.Contains("OriginGuard:SharedSecret:Secrets was set and is not there any more", logs.WithId(4002).Single().Message, StringComparison.Ordinal);

        later.Become(("OriginGuard:SharedSecret:HeaderName", "X-Other"), ("OriginGuard:SharedSecret:Secrets:0", "the-first-secret-of-the-file"));

        Assert.Equal(["the-first-secret-of-the-file"], options.Current.SharedSecret.Secrets);
    }

    private static MemoryStream Json() => new(Encoding.UTF8.GetBytes(File));

    private static OriginGuardOptions Read(string shape, params (string Key, string? Value)[] later)
    {
        var (configuration, application) = Shape(shape, later);
        return Options(configuration, application);
    }

    private static string Mistake(string shape, params (string Key, string? Value)[] later)
    {
        var (configuration, application) = Shape(shape, later);
        return Assert.Single(Mistakes(configuration, application));
    }

    private static string Mistake(IConfiguration configuration) => Assert.Single(Mistakes(configuration));

    private static string[] Mistakes(IConfiguration configuration, IConfiguration? application = null) =>
        [.. Assert.Throws<OptionsValidationException>(() => Options(configuration, application)).Failures];

    private static OriginGuardOptions Options(IConfiguration configuration, IConfiguration? application = null)
    {
        var services = new ServiceCollection().AddLogging();
        if (application is not null)
        {
            services.AddSingleton(application);
        }

        using var provider = services.AddOriginGuard(configuration).Services.BuildServiceProvider();
        return provider.GetRequiredService<OptionsInForce>().Current;
    }

    /// <summary>A file and a later source, in the shapes in which an application hands them over.</summary>
    private static (IConfiguration Given, IConfiguration? Application) Shape(string shape, (string Key, string? Value)[] later)
    {
        var prefix = shape == "chained section" ? "Tenant:OriginGuard" : "OriginGuard";
        var json = shape == "chained section" ? $$"""{ "Tenant": {{File}} }""" : File;
        var settings = later.Where(setting => setting.Value is not null).ToDictionary(setting => $"{prefix}:{setting.Key}", setting => setting.Value);
        var root = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).AddInMemoryCollection(settings).Build();
        var manager = new ConfigurationManager();
        manager.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).AddInMemoryCollection(settings);
        return shape switch
        {
            "root" => (root, null),
            "section" => (root.GetSection("OriginGuard"), root),
            "manager" => (manager, manager),
            "section of a manager" => (manager.GetSection("OriginGuard"), manager),
            "chained" => (new ConfigurationBuilder().AddConfiguration(root).AddInMemoryCollection([new("Other", "x")]).Build(), null),
            "chained section" => (new ConfigurationBuilder().AddConfiguration(root.GetSection("Tenant")).Build(), null),
            _ => (root.GetSection("OriginGuard"), new ConfigurationBuilder().Build()),
        };
    }

    /// <summary>A source that changes while the application runs.</summary>
    private sealed class Changing(params (string Key, string? Value)[] settings) : ConfigurationProvider, IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override void Load() => Data = settings.ToDictionary(static setting => setting.Key, static setting => setting.Value, StringComparer.OrdinalIgnoreCase);

        public void Become(params (string Key, string? Value)[] next)
        {
            Data = next.ToDictionary(static setting => setting.Key, static setting => setting.Value, StringComparer.OrdinalIgnoreCase);
            OnReload();
        }
    }

    /// <summary>A configuration that shows the merged view and nothing else.</summary>
    private sealed class Merged(IConfiguration whole) : IConfiguration
    {
        public string? this[string key]
        {
            get => whole[key];
            set => whole[key] = value;
        }

        public IEnumerable<IConfigurationSection> GetChildren() => whole.GetChildren();

        public IChangeToken GetReloadToken() => whole.GetReloadToken();

        public IConfigurationSection GetSection(string key) => whole.GetSection(key);
    }
}
