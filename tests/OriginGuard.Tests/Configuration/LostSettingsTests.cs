using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Configuration;
using OriginGuard.Exemptions;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Configuration;

public sealed class LostSettingsTests
{
    private const string Audience = "/projects/1/global/backendServices/2";
    private const string Endpoint = "https://dns.example/dns-query";

    [Theory]
    [InlineData("Platform", "GoogleCloudBackend")]
    [InlineData("SourceAddress:From", "ForwardedFor")]
    [InlineData("SourceAddress:ForwardedForPosition", "2")]
    [InlineData("SourceAddress:MinPrefixLengthV4", "16")]
    [InlineData("SourceAddress:MinPrefixLengthV6", "32")]
    [InlineData("SourceAddress:MaxAge", "1.00:00:00")]
    [InlineData("SourceAddress:UseBuiltInRanges", "false")]
    [InlineData("Dns:HttpsEndpoint", Endpoint)]
    [InlineData("Dns:Servers:0", "192.0.2.53", "Dns:Servers")]
    [InlineData("SharedSecret:HeaderName", "X-Other")]
    [InlineData("ClientAddress:Position", "3")]
    public async Task A_setting_that_is_not_there_any_more_stays_in_force_and_is_named(string key, string value, string? named = null)
    {
        var (app, source) = await StartAsync((key, value));
        await using var running = app;
        var before = InForce(app);

        source.Change([named ?? key], ("Rejection:StatusCode", "404"));

        Assert.Same(before, InForce(app));
        var line = Assert.Single(app.Logs.WithId(4002)).Message;
        Assert.Contains($" OriginGuard:{named ?? key} was set and is not there any more", line, StringComparison.Ordinal);
        Assert.DoesNotContain(value, line, StringComparison.Ordinal);
        Assert.Empty(app.Logs.WithId(4001));

        // Written, even as the default, it is meant.
        source.Change([], DefaultOf(named ?? key), ("Rejection:StatusCode", "404"));
        Assert.Equal(404, InForce(app).Rejection.StatusCode);
    }

    [Theory]
    [InlineData("Iap:KeysUri")]
    [InlineData("Iap:MaxTokenLifetime")]
    public void So_does_a_setting_of_a_layer_that_asks_the_network_at_its_start(string key)
    {
        OriginGuardOptions current = new() { Iap = { Audiences = [Audience], KeysUri = new Uri("http://127.0.0.1:1/keys"), MaxTokenLifetime = TimeSpan.FromMinutes(5) } };
        OriginGuardOptions next = new() { Iap = { Audiences = [Audience], KeysUri = current.Iap.KeysUri, MaxTokenLifetime = current.Iap.MaxTokenLifetime } };
        if (key == "Iap:KeysUri")
        {
            next.Iap.KeysUri = new IapOptions().KeysUri;
        }
        else
        {
            next.Iap.MaxTokenLifetime = new IapOptions().MaxTokenLifetime;
        }

        current.Reading.Keys.Add($"OriginGuard:{key}");

        Assert.StartsWith($"OriginGuard:{key} was set and is not there any more", Assert.Single(new LostSettings(Sections.All).Find(current, next)), StringComparison.Ordinal);
        next.Reading.Keys.Add($"OriginGuard:{key}");
        Assert.Empty(new LostSettings(Sections.All).Find(current, next));
    }

    [Theory]
    [InlineData("SourceAddress:Networks")]
    [InlineData("SourceAddress:RecordNames")]
    [InlineData("SourceAddress")]
    public async Task My_nat_does_not_become_all_of_google_when_its_list_is_lost(string key)
    {
        var (app, source) = await StartAsync();
        await using var running = app;

        source.Change([key]);

        Assert.Equal((200, 403), (await StatusAsync(app, GuardedApp.LoadBalancer), await StatusAsync(app, GuardedApp.Stranger)));
        Assert.All(app.Logs.WithId(4002), line => Assert.Contains("OriginGuard:SourceAddress:", line.Message, StringComparison.Ordinal));
        Assert.Equal(key == "SourceAddress" ? 2 : 1, app.Logs.WithId(4002).Count());

        source.Change([key], ("SourceAddress:RecordNames", ""), ("SourceAddress:Networks:0", "203.0.113.0/24"));
        Assert.Equal((403, 200), (await StatusAsync(app, GuardedApp.LoadBalancer), await StatusAsync(app, GuardedApp.Stranger)));
    }

    [Fact]
    public async Task A_layer_goes_by_a_word_and_not_by_absence()
    {
        var (app, source) = await StartAsync();
        await using var running = app;

        source.Change(["SharedSecret"]);
        Assert.Equal(403, await StatusAsync(app, GuardedApp.LoadBalancer, secret: null));
        Assert.Contains("OriginGuard:SharedSecret:Mode to Disabled", Assert.Single(app.Logs.WithId(4002)).Message, StringComparison.Ordinal);

        source.Change(["SharedSecret"], ("SharedSecret:Mode", "Disabled"));
        Assert.Equal(200, await StatusAsync(app, GuardedApp.LoadBalancer, secret: null));

        source.Change(["SourceAddress"], ("SourceAddress:Mode", "Disabled"), ("SharedSecret:Mode", "Enforce"), ("SharedSecret:Secrets:0", GuardedApp.Secret));
        Assert.Equal(200, await StatusAsync(app, GuardedApp.Stranger));
    }

    [Fact]
    public async Task An_exemption_for_some_peers_does_not_become_one_for_everybody()
    {
        var (app, source) = await StartAsync(("Exemptions:0:Path", "/probe"), ("Exemptions:0:Networks:0", "35.191.0.0/16"));
        await using var running = app;

        source.Change(["Exemptions:0:Networks"]);
        Assert.Equal(403, await StatusAsync(app, GuardedApp.Stranger, "/probe"));
        Assert.Contains("OriginGuard:Exemptions:0:Networks was set", Assert.Single(app.Logs.WithId(4002)).Message, StringComparison.Ordinal);

        source.Change([], ("Exemptions:0:Networks", ""));
        source.Change(["Exemptions:0:Networks"], ("Exemptions:0:Networks", ""));
        Assert.Equal(200, await StatusAsync(app, GuardedApp.Stranger, "/probe"));
    }

    [Theory]
    [InlineData("/probe", "", "/probe", "35.191.0.0/16", false)]
    [InlineData("/probe", "35.191.0.0/16 130.211.0.0/22", "/probe", "35.191.0.0/16", false)]
    [InlineData("/probe", "35.191.0.0/16", "/probe", "35.191.0.0/16 130.211.0.0/22", true)]
    [InlineData("/probe", "35.191.0.0/16", "/probe", "", true)]
    [InlineData("/probe", "", "/Probe", "", true)]
    public void Exemptions_that_come_back_may_open_nothing_that_was_closed(string before, string peersBefore, string now, string peersNow, bool isWeaker)
    {
        var (current, next) = (new OriginGuardOptions { Exemptions = [Exemption(before, peersBefore)] }, new OriginGuardOptions { Exemptions = [Exemption(now, peersNow)] });

        Assert.Equal(isWeaker, new ExemptionsSection().IsWeakerWithout("", current, next));

        static ExemptionOptions Exemption(string path, string peers) => new() { Path = path, Networks = [.. peers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPNetwork.Parse)] };
    }

    [Fact]
    public async Task What_falls_back_to_something_stricter_may_go_without_a_word()
    {
        var (app, source) = await StartAsync(
            ("Mode", "ReportOnly"), ("SharedSecret:Mode", "ReportOnly"), ("Exemptions:0:Path", "/probe"), ("SourceAddress:AllowNonPublicNetworks", "true"),
            ("SharedSecret:Secrets:1", GuardedApp.PreviousSecret));
        await using var running = app;
        Assert.Equal(200, await StatusAsync(app, GuardedApp.Stranger, secret: null));

        source.Change(["Mode", "SharedSecret:Mode", "Exemptions", "SourceAddress:AllowNonPublicNetworks", "SharedSecret:Secrets:1"]);

        Assert.Empty(app.Logs.WithId(4002));
        Assert.Equal((403, 403), (await StatusAsync(app, GuardedApp.Stranger, "/probe"), await StatusAsync(app, GuardedApp.LoadBalancer, secret: GuardedApp.PreviousSecret)));
    }

    [Fact]
    public async Task A_value_that_equals_the_default_is_not_lost()
    {
        var (app, source) = await StartAsync(("Mode", "Enforce"), ("Platform", "InternetNeg"), ("SourceAddress:MaxAge", "7.00:00:00"));
        await using var running = app;

        source.Change(["Mode", "Platform", "SourceAddress:MaxAge"]);
        source.Change([], ("Rejection:StatusCode", "404"));

        Assert.Empty(app.Logs.WithId(4002));
        Assert.Equal(404, await StatusAsync(app, GuardedApp.Stranger));
    }

    [Fact]
    public async Task Dns_servers_may_give_way_to_an_endpoint_and_back_when_the_other_is_written()
    {
        var (app, source) = await StartAsync(("Dns:Servers:0", "192.0.2.53"));
        await using var running = app;

        source.Change(["Dns:Servers"], ("Dns:HttpsEndpoint", Endpoint));
        Assert.Equal(Endpoint, InForce(app).Dns.HttpsEndpoint?.OriginalString);

        source.Change(["Dns:HttpsEndpoint"], ("Dns:Servers:0", "192.0.2.54"));
        Assert.Equal("192.0.2.54", Assert.Single(InForce(app).Dns.Servers));
        Assert.Empty(app.Logs.WithId(4002));
    }

    [Fact]
    public void What_code_had_set_and_the_configuration_had_made_stricter_does_not_come_back()
    {
        var (mild, strict) = (Options(), Options());
        mild.Mode = mild.SharedSecret.Mode = LayerMode.ReportOnly;
        mild.SharedSecret.Secrets = [GuardedApp.PreviousSecret];
        mild.SharedSecret.RemoveHeader = false;
        mild.Iap.Audiences = [$"{Audience}0"];
        mild.Iap.AllowPreflight = mild.Iap.AllowAnonymous = mild.ClientAddress.Restore = mild.SourceAddress.AllowNonPublicNetworks = true;
        mild.Exemptions = [new ExemptionOptions { Path = "/" }];
        strict.Exemptions = [new ExemptionOptions { Path = "/", Networks = [IPNetwork.Parse("35.191.0.0/16")] }];
        (mild.SourceAddress.Corroboration, strict.SourceAddress.UseBuiltInRanges) = (CorroborationMode.Off, false);
        (mild.SharedSecret.SecretFiles, mild.Iap.ProjectNumber, mild.Iap.ClockSkew) = (["/run/secrets/of-code"], "5", TimeSpan.FromSeconds(5));

        // By these nobody else is let in: how often is asked, what is kept where, and what a refusal looks like.
        (mild.SourceAddress.MinRefreshInterval, mild.SourceAddress.MaxRefreshInterval, mild.SourceAddress.SnapshotPath) = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), "/var/kept");
        (mild.Dns.Timeout, mild.Dns.Attempts, mild.SharedSecret.SecretFilesInterval, mild.Rejection.StatusCode) = (TimeSpan.FromSeconds(1), 1, TimeSpan.FromMinutes(1), 404);
        strict.Reading.Keys.UnionWith(Sections.All.Values(strict).Select(static setting => setting.Key));

        var modes = new LostSettings(Sections.All).Find(strict, mild);
        mild.Mode = mild.SharedSecret.Mode = LayerMode.Enforce;
        var rest = new LostSettings(Sections.All).Find(strict, mild);

        Assert.Equal(["OriginGuard:Mode", "OriginGuard:SharedSecret:Mode"], modes.Select(static sentence => sentence.Split(' ')[0]));
        Assert.Equal(
            [
                "OriginGuard:SourceAddress:AllowNonPublicNetworks", "OriginGuard:SourceAddress:UseBuiltInRanges", "OriginGuard:SourceAddress:Corroboration",
                "OriginGuard:SharedSecret:Secrets", "OriginGuard:SharedSecret:SecretFiles", "OriginGuard:SharedSecret:RemoveHeader",
                "OriginGuard:Iap:Audiences", "OriginGuard:Iap:ProjectNumber", "OriginGuard:Iap:ClockSkew", "OriginGuard:Iap:AllowAnonymous", "OriginGuard:Iap:AllowPreflight", "OriginGuard:ClientAddress:Restore", "OriginGuard:Exemptions", "OriginGuard:Exemptions:0:Networks",
            ],
            rest.Select(static sentence => sentence.Split(' ')[0]));
        Assert.Empty(new LostSettings(Sections.All).Find(mild, strict));
    }

    [Fact]
    public async Task A_store_that_polls_is_told_of_its_mistake_once_and_again_when_it_is_written_again()
    {
        var (app, source) = await StartAsync();
        await using var running = app;

        source.Change(["SourceAddress:Networks"]);
        source.Change([]);
        source.Change([]);
        Assert.Single(app.Logs.WithId(4002));

        source.Change([], ("Rejection:StatusCode", "404"));
        Assert.Equal(2, app.Logs.WithId(4002).Count());
    }

    private static OriginGuardOptions Options() => new()
    {
        SourceAddress = { RecordNames = [], Networks = [IPNetwork.Parse("34.96.0.0/20")] },
        SharedSecret = { Secrets = [GuardedApp.Secret] },
        Iap = { Audiences = [Audience] },
    };

    private static (string Key, string? Value) DefaultOf(string key) => key switch
    {
        "Platform" => (key, "InternetNeg"),
        "SourceAddress:From" => (key, "Connection"),
        "SourceAddress:ForwardedForPosition" => (key, "1"),
        "SourceAddress:MinPrefixLengthV4" => (key, "8"),
        "SourceAddress:MinPrefixLengthV6" => (key, "16"),
        "SourceAddress:MaxAge" => (key, "7.00:00:00"),
        "SourceAddress:UseBuiltInRanges" => (key, "true"),
        "Dns:HttpsEndpoint" => ("Dns:Servers:0", "192.0.2.53"),
        "Dns:Servers" => (key, ""),
        "SharedSecret:HeaderName" => (key, "X-Origin-Guard"),
        _ => (key, "2"),
    };

    private static async Task<(GuardedApp App, ChangingSource Source)> StartAsync(params (string Key, string? Value)[] more)
    {
        var settings = GuardedApp.Settings(more);
        settings.Remove("OriginGuard:SourceAddress:Networks:1");
        var source = new ChangingSource(settings);
        return (await GuardedApp.StartAsync(new Dictionary<string, string?>(), sources: configuration => configuration.Add(source)), source);
    }

    private static OriginGuardOptions InForce(GuardedApp app) => ((OptionsInForce)app.Services.GetService(typeof(OptionsInForce))!).Current;

    private static async Task<int> StatusAsync(GuardedApp app, IPAddress peer, string path = "/", string? secret = GuardedApp.Secret)
    {
        var context = await app.SendAsync(peer, request =>
        {
            request.Path = path;
            request.Headers["X-Origin-Guard"] = secret;
        });
        return context.Response.StatusCode;
    }

    [Fact]
    public async Task What_a_second_section_replaced_does_not_come_back_when_that_section_has_gone()
    {
        var wide = new Dictionary<string, string?>
        {
            ["Base:SourceAddress:RecordNames"] = "",
            ["Base:SourceAddress:Networks:0"] = "203.0.113.0/24",
            ["Base:SharedSecret:Secrets:0"] = GuardedApp.PreviousSecret,
        };
        var source = new ChangingSource(new Dictionary<string, string?>(wide)
        {
            ["Mine:SourceAddress:Networks:0"] = "34.96.0.0/20",
            ["Mine:SharedSecret:Secrets:0"] = GuardedApp.Secret,
        });
        var root = new ConfigurationBuilder().Add(source).Build();
        await using var app = await GuardedApp.StartAsync(new Dictionary<string, string?>(), services =>
        {
            services.AddOriginGuard(root.GetSection("Base"));
            services.AddOriginGuard(root.GetSection("Mine"));
        });

        source.Become(wide);

        var stranger = await app.SendAsync(GuardedApp.Stranger, static request => request.Headers["X-Origin-Guard"] = GuardedApp.PreviousSecret);
        Assert.Equal(403, stranger.Response.StatusCode);
        Assert.NotEmpty(app.Logs.WithId(4002));
    }
}
