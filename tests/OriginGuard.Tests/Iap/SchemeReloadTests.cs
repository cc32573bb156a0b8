using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OriginGuard.Iap;
using OriginGuard.TestKit;
using OriginGuard.Tests.Configuration;
using Xunit;

namespace OriginGuard.Tests.Iap;

/// <summary>A reload never widens a scheme by what it has lost, as little as it widens the guard.</summary>
public sealed class SchemeReloadTests
{
    private const string Other = "/projects/123456789/global/backendServices/111";

    [Fact]
    public async Task An_audience_that_a_later_source_replaced_does_not_come_back_when_that_source_has_gone()
    {
        var later = Later();
        await using var app = await StartAsync(later);

        later.Become(new Dictionary<string, string?> { ["OriginGuard:Iap:MaxTokenLifetime"] = "00:10:00" });

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await StatusAsync(app, Other), await StatusAsync(app, IapWorld.Audience)));
        Assert.Contains("OriginGuard:Iap:Audiences was set and is not there any more", Assert.Single(app.Logs.WithId(4520)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_that_has_gone_does_not_go_back_to_its_default()
    {
        var later = Later(("OriginGuard:Iap:MaxTokenLifetime", "00:01:00"));
        await using var app = await StartAsync(later);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, IapWorld.Audience));

        later.Become(new Dictionary<string, string?> { ["OriginGuard:Iap:Audiences:0"] = IapWorld.Audience });

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, IapWorld.Audience));
        Assert.Contains("MaxTokenLifetime", Assert.Single(app.Logs.WithId(4520)).Message, StringComparison.Ordinal);
    }

    /// <summary>A comma too few, and then a change of something else: the framework reads all but the file, and raises no change when it breaks.</summary>
    [Fact]
    public async Task A_file_that_cannot_be_read_any_more_takes_nothing_away()
    {
        const string good = """{ "OriginGuard": { "Iap": { "ProjectNumber": "123456789" } } }""";
        var (file, later) = (new ScriptedFile(good), Later());
        var configuration = new ConfigurationBuilder()
            .Add(new JsonConfigurationSource { FileProvider = file, Path = "iap.json", ReloadOnChange = true, ReloadDelay = 0 }).Add(later).Build();
        await using var app = await IapApp.StartAsync(builder => builder.AddGoogleIap(configuration));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, Other));

        file.Become("""{ "OriginGuard": { "Iap": { "ProjectNumber": "123456789" } }""");
        later.Become(new Dictionary<string, string?> { ["OriginGuard:Iap:Audiences:0"] = IapWorld.Audience, ["Logging:LogLevel:Default"] = "Debug" });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await StatusAsync(app, Other), await StatusAsync(app, IapWorld.Audience)));
        Assert.Contains("The file iap.json cannot be read (no JSON in line 1). Mend it.", Assert.Single(app.Logs.WithId(4520)).Message, StringComparison.Ordinal);

        file.Become("""{ "OriginGuard": { "Iap": { "MaxTokenLifetime": "00:11:00" } } }""");
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await StatusAsync(app, Other), await StatusAsync(app, IapWorld.Audience)));
        Assert.Single(app.Logs.WithId(4520));
    }

    [Fact]
    public async Task What_is_valid_and_odd_is_warned_of_once()
    {
        var later = Later(("OriginGuard:Iap:Audiences:1", "https://shop.example.com"));
        await using var app = await StartAsync(later);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, IapWorld.Audience));
        Assert.Single(Odd());

        later.Become(new Dictionary<string, string?> { ["OriginGuard:Iap:Audiences:1"] = "https://shop.example.com", ["OriginGuard:Iap:Audiences:0"] = Other });
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, Other));
        Assert.Single(Odd());

        LogEntry[] Odd() => [.. app.Logs.WithId(4521).Where(static entry => entry.Message.Contains("https://shop.example.com", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task A_store_that_polls_says_the_same_mistake_once()
    {
        var later = Later();
        await using var app = await StartAsync(later);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, IapWorld.Audience));
        var mistake = new Dictionary<string, string?> { ["OriginGuard:Iap:Audiences:0"] = IapWorld.Audience, ["OriginGuard:Iap:MaxTokenLifetime"] = "soon" };

        later.Become(mistake);
        later.Become(mistake);
        Assert.Single(app.Logs.WithId(4520));

        later.Become(new Dictionary<string, string?> { ["OriginGuard:Iap:Audiences:0"] = IapWorld.Audience });
        later.Become(mistake);
        Assert.Equal(2, app.Logs.WithId(4520).Count());
    }

    [Fact]
    public async Task A_reload_after_the_end_of_the_application_is_not_read()
    {
        var later = Later();
        LogRecorder logs;
        await using (var app = await StartAsync(later))
        {
            logs = app.Logs;
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(app, IapWorld.Audience));
        }

        later.Become(new Dictionary<string, string?> { ["OriginGuard:Iap:Audiences:0"] = IapWorld.Audience, ["OriginGuard:Iap:MaxTokenLifetime"] = "soon" });

        Assert.Empty(logs.WithId(4520));
    }

    [Fact]
    public async Task What_is_written_comes_into_force()
    {
        var later = Later(("OriginGuard:Iap:MaxTokenLifetime", "00:01:00"));
        await using var app = await StartAsync(later);

        later.Become(new Dictionary<string, string?> { ["OriginGuard:Iap:Audiences:0"] = Other, ["OriginGuard:Iap:MaxTokenLifetime"] = "00:10:00" });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await StatusAsync(app, Other), await StatusAsync(app, IapWorld.Audience)));
        Assert.Empty(app.Logs.WithId(4520));
    }

    /// <summary>Lists whole from their last source, no key that is none, and no widening by what a reload has lost.</summary>
    [Fact]
    public async Task A_scheme_of_another_name_reads_a_section_of_its_own_as_strictly()
    {
        var later = new ChangingSource(new Dictionary<string, string?> { ["AdminIap:Audiences:0"] = Other });
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["AdminIap:Audiences:0"] = IapWorld.Audience, ["AdminIap:Audiences:1"] = IapWorld.Audience })
            .Add(later).Build();
        await using var app = await IapApp.StartAsync(
            builder => builder.AddGoogleIap(static options => options.Audiences = [IapWorld.Audience, Other]).AddGoogleIap("Admin", configuration.GetSection("AdminIap")),
            answer: static async context => await context.Response.WriteAsync((await context.AuthenticateAsync("Admin")).Failure?.Message ?? "an admin"));
        Assert.Equal(("an admin", "The IAP assertion was not accepted: iap.audience."), (await AnswerAsync(Other), await AnswerAsync(IapWorld.Audience)));

        later.Become(new Dictionary<string, string?> { ["AdminIap:Audiences:0"] = IapWorld.Audience, ["AdminIap:Audienses:0"] = Other });
        later.Become(new Dictionary<string, string?>());

        Assert.Equal(("an admin", "The IAP assertion was not accepted: iap.audience."), (await AnswerAsync(Other), await AnswerAsync(IapWorld.Audience)));
        Assert.Collection(
            app.Logs.WithId(4520),
            static line => Assert.Contains("AdminIap:Audienses is not a setting", line.Message, StringComparison.Ordinal),
            static line => Assert.Contains("AdminIap:Audiences was set and is not there any more", line.Message, StringComparison.Ordinal));

        later.Become(new Dictionary<string, string?> { ["AdminIap:Audiences:0"] = IapWorld.Audience });
        Assert.Equal(("The IAP assertion was not accepted: iap.audience.", "an admin"), (await AnswerAsync(Other), await AnswerAsync(IapWorld.Audience)));

        async Task<string> AnswerAsync(string audience) => (await app.GetAsync(app.Issuer.Issue(audience))).Body;
    }

    [Theory]
    [InlineData("Configure", "Admin", "Admin")]
    [InlineData("Configure", IapDefaults.AuthenticationScheme, IapDefaults.AuthenticationScheme)]
    [InlineData("Bind", "Admin", "Admin")]
    [InlineData("All", "Admin", "Admin")]
    [InlineData("Configure", "Nobody's", null)]
    public async Task Options_of_a_scheme_that_the_frameworks_binder_fills_end_the_start(string way, string name, string? refused)
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection([new("Audiences:0", IapWorld.Audience)]).Build();
        var start = IapApp.StartAsync(builder =>
        {
            builder.AddGoogleIap(static options => options.Audiences = [IapWorld.Audience]).AddGoogleIap("Admin", static options => options.Audiences = [IapWorld.Audience]);
            _ = way switch
            {
                "Configure" => builder.Services.Configure<IapOptions>(name, section),
                "Bind" => builder.Services.AddOptions<IapOptions>(name).Bind(section).Services,
                _ => builder.Services.AddSingleton<IConfigureOptions<IapOptions>>(new NamedConfigureFromConfigurationOptions<IapOptions>(null, section)),
            };
        });

        if (refused is null)
        {
            await (await start).DisposeAsync();
            return;
        }

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => start);
        Assert.Contains("Call AddGoogleIap(section) instead.", Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_while_the_scheme_is_made_comes_into_force_all_the_same()
    {
        var (later, change) = (Later(), default(Task));
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["OriginGuard:Iap:Audiences:0"] = IapWorld.Audience, ["OriginGuard:Iap:Audiences:1"] = Other })
            .Add(later).Build();
        await using var app = await IapApp.StartAsync(builder => builder.AddGoogleIap(configuration).Services.PostConfigureAll<IapOptions>(_ =>
        {
            // Once, between the reading and the verifier.
            change ??= Task.Run(() => later.Become(new Dictionary<string, string?> { ["OriginGuard:Iap:Audiences:0"] = Other }));
            for (var yields = 0; yields < 1000 && !change.IsCompleted; yields++)
            {
                Thread.Yield();
            }
        }));
        await change!;

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await StatusAsync(app, Other), await StatusAsync(app, IapWorld.Audience)));
    }

    [Theory]
    [InlineData("KeysUri", "http://127.0.0.1:1/keys")]
    [InlineData("ClockSkew", "00:00:05")]
    [InlineData("ProjectNumber", "123456789")]
    [InlineData("AllowAnonymous", "false")]
    public void A_setting_of_a_later_source_stays_when_it_is_gone_and_another_one_would_let_in_somebody_else(string name, string value)
    {
        (string, string?)[] earlier = [("KeysUri", "http://127.0.0.1:2/keys"), ("ClockSkew", "00:00:20"), ("ProjectNumber", "5"), ("AllowAnonymous", "true")];
        var (current, next) = (Read(earlier, (name, value)), Read(earlier));

        Assert.StartsWith($"Scheme:{name} was set and is not there any more", Assert.Single(IapSection.Lost("Scheme", current, next)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ProjectNumber", "123456789")]
    [InlineData("AllowAnonymous", "true")]
    [InlineData("AllowPreflight", "false")]
    [InlineData("Mode", "ReportOnly")]
    [InlineData("Audiences:0", "/projects/1/apps/one")]
    [InlineData("ClockSkew", "00:00:30")]
    public void What_falls_back_to_something_as_strict_or_has_no_meaning_for_a_scheme_may_go_without_a_word(string name, string value) =>
        Assert.Empty(IapSection.Lost("Scheme", Read([], (name, value)), Read([])));

    private static IapOptions Read((string Name, string? Value)[] earlier, params (string Name, string? Value)[] later)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(earlier.Select(static setting => KeyValuePair.Create($"Scheme:{setting.Name}", setting.Value)))
            .AddInMemoryCollection(later.Select(static setting => KeyValuePair.Create($"Scheme:{setting.Name}", setting.Value)))
            .Build();
        var options = new IapOptions();
        new IapOptionsReader("Scheme", configuration.GetSection("Scheme"), configuration).Configure("Scheme", options);
        return options;
    }

    private static ChangingSource Later(params (string Key, string Value)[] more) => new(new Dictionary<string, string?>(
        more.Select(static setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)).Append(new("OriginGuard:Iap:Audiences:0", IapWorld.Audience))));

    private static Task<IapApp> StartAsync(ChangingSource later)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["OriginGuard:Iap:Audiences:0"] = IapWorld.Audience, ["OriginGuard:Iap:Audiences:1"] = Other })
            .Add(later).Build();
        return IapApp.StartAsync(builder => builder.AddGoogleIap(configuration));
    }

    private static async Task<HttpStatusCode> StatusAsync(IapApp app, string audience) => (await app.GetAsync(app.Issuer.Issue(audience))).Status;
}
