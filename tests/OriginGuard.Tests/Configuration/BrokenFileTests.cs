using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Configuration;

public sealed class BrokenFileTests
{
    private const string Good = """{ "OriginGuard": { "SourceAddress": { "RecordNames": [], "Networks": [ "34.96.0.0/20" ] }, "Exemptions": [ { "Path": "/probe" } ] } }""";
    private const string OtherNetwork = """{ "OriginGuard": { "SourceAddress": { "RecordNames": [], "Networks": [ "203.0.113.0/24" ] } } }""";
    private const string Broken = $$"""
        { "OriginGuard": { "SourceAddress": { "RecordNames": [], "Networks": [ "34.96.0.0/20" ] },
          "SharedSecret": { "Secrets": [ true-{{GuardedApp.PreviousSecret}} ] } } }
        """;

    private readonly ScriptedFile _file = new(Good);
    private readonly JsonConfigurationSource _source;

    // Where every configuration stands that a test does not change: the environment, say.
    private readonly ChangingSource _environment = new(new Dictionary<string, string?> { ["OriginGuard:SharedSecret:Secrets:0"] = GuardedApp.Secret });

    public BrokenFileTests() => _source = new JsonConfigurationSource { FileProvider = _file, Path = "guard.json", ReloadOnChange = true, ReloadDelay = 0 };

    [Fact]
    public async Task A_file_that_cannot_be_read_is_said_in_one_line_at_once_and_changes_nothing()
    {
        await using var app = await StartAsync();

        _file.Become(Broken);

        var line = Assert.Single(app.Logs.WithId(4002));
        Assert.Equal(LogLevel.Error, line.Level);
        Assert.Contains("The file guard.json cannot be read (no JSON in line 2)", line.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("correct", line.Message, StringComparison.Ordinal);
        await IsAsBeforeAsync(app);
    }

    [Theory]
    [InlineData("""{ "OriginGuard": { "Mode": "Enforce" }, "OriginGuard": { "Mode": "ReportOnly" } }""")]
    [InlineData("""[ "true-correct-horse-battery-staple-0000" ]""")]
    public async Task A_file_that_is_json_and_no_configuration_is_said_by_its_cause(string content)
    {
        await using var app = await StartAsync();

        _file.Become(content);

        Assert.Contains("The file guard.json cannot be read (a key stands in it twice, or it is no object).", Assert.Single(app.Logs.WithId(4002)).Message, StringComparison.Ordinal);
        await IsAsBeforeAsync(app);
    }

    [Theory]
    [InlineData(null, "it is not there")]
    [InlineData("true-correct-horse-battery-staple-0000", "FormatException")]
    public async Task A_file_that_is_read_again_and_gone_or_of_another_form_is_said_by_its_cause(string? content, string cause)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "guard.ini");
        await File.WriteAllTextAsync(path, "[OriginGuard:Rejection]\nStatusCode=404\n", TestContext.Current.CancellationToken);
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), sources: sources => sources.AddIniFile(path, optional: false, reloadOnChange: false));
        File.Delete(path);
        if (content is not null)
        {
            await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        }

        Assert.ThrowsAny<Exception>(() => app.Reload()); // of the framework, and of whatever kind

        var line = Assert.Single(app.Logs.WithId(4002)).Message;
        Assert.Contains($"guard.ini cannot be read ({cause}). Mend it.", line, StringComparison.Ordinal);
        Assert.DoesNotContain("correct-horse", line, StringComparison.Ordinal);
        Assert.Equal(404, (await app.SendAsync(GuardedApp.Stranger)).Response.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_said_of_another_root_too(bool isChained)
    {
        _file.Become($$"""{ "Wrap": {{Good}} }""");
        var other = new ConfigurationBuilder().Add(_source).Build().GetSection("Wrap");
        await using var app = await GuardedApp.StartAsync(new Dictionary<string, string?>(), services => services.AddOriginGuard(isChained
            ? new ConfigurationBuilder().Add(_environment).AddConfiguration(other).Build()
            : other.GetSection("OriginGuard")));

        _file.Become(Broken);

        Assert.Contains("guard.json", Assert.Single(app.Logs.WithId(4002)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_a_file_is_broken_no_other_source_brings_in_what_is_left()
    {
        await using var app = await StartAsync();
        _file.Become(Broken);

        _environment.Change([]);
        Assert.Single(app.Logs.WithId(4002));
        _environment.Change([], ("Rejection:StatusCode", "404"));
        await IsAsBeforeAsync(app);
        Assert.Equal(2, app.Logs.WithId(4002).Count());
        Assert.All(app.Logs.WithId(4002), line => Assert.Contains("guard.json", line.Message, StringComparison.Ordinal));

        _file.Become(OtherNetwork);
        Assert.Equal((200, 404), (await StatusAsync(app, GuardedApp.Stranger), await StatusAsync(app, GuardedApp.LoadBalancer)));
        Assert.Single(app.Logs.WithId(4001));
        Assert.Equal(2, app.Logs.WithId(4002).Count());
    }

    [Fact]
    public async Task A_file_that_is_mended_as_it_was_leaves_everything_as_it_is()
    {
        await using var app = await StartAsync();

        _file.Become(Broken);
        _file.Become(Good);
        Assert.Empty(app.Logs.WithId(4001));
        await IsAsBeforeAsync(app);

        _environment.Change([], ("Rejection:StatusCode", "404"));
        Assert.Equal(404, await StatusAsync(app, GuardedApp.Stranger));
    }

    [Fact]
    public async Task A_file_that_is_deleted_takes_nothing_with_it_and_its_keys_are_named()
    {
        await using var app = await StartAsync();

        _file.Become(null);
        _environment.Change([]);

        await IsAsBeforeAsync(app);
        Assert.Equal(
            ["OriginGuard:SourceAddress:RecordNames", "OriginGuard:SourceAddress:Networks"],
            app.Logs.WithId(4002).Select(static line => line.Message.Split(' ').First(static word => word.StartsWith("OriginGuard:", StringComparison.Ordinal))));

        _file.Become(OtherNetwork);
        Assert.Equal(200, await StatusAsync(app, GuardedApp.Stranger));
    }

    [Fact]
    public async Task An_application_that_bears_with_broken_files_still_does_and_the_guard_does_not()
    {
        var asked = 0;
        _source.OnLoadException = context => (context.Ignore, asked) = (true, asked + 1);
        await using var app = await StartAsync();

        _file.Become(Broken);
        _file.Become("{");
        await IsAsBeforeAsync(app);
        Assert.Equal(2, asked);
        Assert.Equal(2, app.Logs.WithId(4002).Count());

        _file.Become(OtherNetwork);
        Assert.Equal(200, await StatusAsync(app, GuardedApp.Stranger));
    }

    [Fact]
    public async Task A_file_of_a_configuration_inside_the_configuration_is_seen_too()
    {
        var inner = new ConfigurationBuilder().Add(_source).Build();
        await using var app = await StartAsync(configuration => configuration.AddConfiguration(inner));

        _file.Become(Broken);

        await IsAsBeforeAsync(app);
        Assert.Single(app.Logs.WithId(4002));
    }

    [Fact]
    public async Task A_guard_that_has_gone_leaves_the_sources_as_they_were()
    {
        Action<FileLoadExceptionContext> own = static _ => { };
        _source.OnLoadException = own;
        var app = await StartAsync();
        Assert.NotSame(own, _source.OnLoadException);

        await app.DisposeAsync();

        Assert.Same(own, _source.OnLoadException);
    }

    /// <summary>Two hosts of one process read one file: the first to go cannot take back what the second has put on top.</summary>
    [Fact]
    public async Task Guards_that_go_in_the_order_in_which_they_came_are_told_nothing_any_more()
    {
        var told = 0;
        _source.OnLoadException = _ => told++;
        var first = await StartAsync();
        var second = await StartAsync();
        var provider = ((IConfigurationRoot)first.Services.GetRequiredService<IConfiguration>()).Providers.OfType<JsonConfigurationProvider>().Single(file => ReferenceEquals(file.Source, _source));
        await first.DisposeAsync();
        await second.DisposeAsync();

        _source.OnLoadException!(new FileLoadExceptionContext { Provider = provider, Exception = new FormatException() });

        Assert.Equal(1, told);
        Assert.Empty(first.Logs.WithId(4002));
        Assert.Empty(second.Logs.WithId(4002));
    }

    private Task<GuardedApp> StartAsync(Action<IConfigurationBuilder>? add = null) => GuardedApp.StartAsync(
        new Dictionary<string, string?>(),
        sources: configuration =>
        {
            (add ?? (builder => builder.Add(_source)))(configuration);
            configuration.Add(_environment);
        });

    private static async Task IsAsBeforeAsync(GuardedApp app)
    {
        Assert.Equal((200, 403), (await StatusAsync(app, GuardedApp.LoadBalancer), await StatusAsync(app, GuardedApp.Stranger)));
        Assert.Equal(200, await StatusAsync(app, GuardedApp.Stranger, "/probe"));
        Assert.Empty(app.Logs.WithId(4001));
    }

    private static async Task<int> StatusAsync(GuardedApp app, IPAddress peer, string path = "/")
    {
        var context = await app.SendAsync(peer, request =>
        {
            request.Path = path;
            request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
        });
        return context.Response.StatusCode;
    }
}
