using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OriginGuard.Startup;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Startup;

public sealed class WeakSetUpTests
{
    [Fact]
    public async Task A_sound_set_up_is_announced_and_not_complained_about()
    {
        await using var app = await GuardedApp.StartAsync();

        Assert.Contains("layers in order: Headers, SourceAddress, SharedSecret", Assert.Single(app.Logs.WithId(4006)).Message, StringComparison.Ordinal);
        Assert.Empty(app.Logs.WithId(4007));
    }

    [Theory]
    [InlineData("any Google Cloud customer's load balancer passes", "SharedSecret:Mode", "Disabled")]
    [InlineData("SharedSecret:Secrets:0 is shorter than 32", "SharedSecret:Secrets:0", "sixteen-letters-")]
    [InlineData("AllowNonPublicNetworks is on outside of Development", "SourceAddress:AllowNonPublicNetworks", "true")]
    public async Task A_weak_set_up_starts_with_a_warning(string warning, string key, string value)
    {
        await using var app = await GuardedApp.StartAsync((key, value));

        Assert.Contains(warning, Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(app.Logs.Entries, entry => entry.Message.Contains("sixteen-letters-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("InternetNegRegional", "192.0.2.7/32", "whoever sends from its networks passes it")]
    [InlineData("GoogleCloudBackend", "35.191.0.0/16", "any Google Cloud customer's load balancer passes it")]
    public async Task Who_passes_the_address_alone_is_said_of_these_networks(string platform, string network, string says)
    {
        await using var app = await GuardedApp.StartAsync(
            ("Platform", platform), ("SourceAddress:Networks:0", network), ("SourceAddress:Networks:1", "192.0.2.8/32"), ("SharedSecret:Mode", "Disabled"));

        Assert.Contains(app.Logs.WithId(4007), line => line.Message.StartsWith("The source address is the only layer that is on", StringComparison.Ordinal) && line.Message.Contains(says, StringComparison.Ordinal));
    }

    /// <summary>A layer that was left to report after a roll-out by stages is on, and refuses nobody.</summary>
    [Theory]
    [InlineData("ReportOnly", "Enforce", "Enforce", null)]
    [InlineData("Enforce", "ReportOnly", "Enforce", null)]
    [InlineData("Enforce", "Enforce", "ReportOnly", "The source address is the only layer that refuses anybody")]
    [InlineData("Enforce", "ReportOnly", "ReportOnly", "every layer that is on only reports: nobody is refused")]
    [InlineData("Enforce", "ReportOnly", "Disabled", "every layer that is on only reports: nobody is refused")]
    public async Task Layers_that_only_report_are_pointed_out_where_the_guard_is_meant_to_refuse(string mode, string address, string secret, string? warning)
    {
        await using var app = await GuardedApp.StartAsync(("Mode", mode), ("SourceAddress:Mode", address), ("SharedSecret:Mode", secret));

        Assert.Equal(warning is not null, app.Logs.WithId(4007).Any(line => line.Message.Contains(warning ?? "refuse", StringComparison.Ordinal)));
    }

    /// <summary>The documentation says never to name a proxy's own address: whoever does so is told what it means.</summary>
    [Theory]
    [InlineData("127.0.0.1/32", "127.0.0.1/32")]
    [InlineData("169.254.1.1/32", "169.254.1.1/32")]
    [InlineData("::1/128", "::1/128")]
    [InlineData("fe80::/64", "fe80::/64")]
    [InlineData("::ffff:127.0.0.0/104", "::ffff:127.0.0.0/104")]
    [InlineData("203.0.113.7/32 127.0.0.0/8 ::1/128", "127.0.0.0/8, ::1/128")]
    [InlineData("203.0.113.7/32", null)]
    [InlineData("10.129.0.0/23", null)] // a proxy-only subnet
    public async Task Networks_from_which_a_proxy_hands_everybody_on_are_pointed_out(string networks, string? named)
    {
        (string, string?)[] settings = [.. networks.Split(' ').Select(static (network, index) => ($"SourceAddress:Networks:{index}", (string?)network))];
        await using var app = await GuardedApp.StartAsync([.. settings, ("Exemptions:0:Path", "/healthz"), ("Exemptions:0:Networks:0", "127.0.0.1/32")]);
        await using var developed = await GuardedApp.StartAsync(GuardedApp.Settings(settings), environment: "Development");

        Assert.Equal(
            named is null ? [] : [$"OriginGuard:SourceAddress:Networks holds {named}: where a proxy, a sidecar or the platform's front end hands requests on, all of them come from there, and everybody passes."],
            app.Logs.WithId(4007).Select(static line => line.Message.Split(" Name the")[0]));
        Assert.Empty(developed.Logs.WithId(4007));
    }

    [Theory]
    [InlineData("SourceAddress:Networks holds 34.0.0.0/8: anybody can rent a machine in there", "SourceAddress:Networks", "34.0.0.0/8")]
    [InlineData("SourceAddress:Networks holds 2600::/16: anybody", "SourceAddress:Networks", "2600::/16")]
    [InlineData("SourceAddress:Networks holds 0.0.0.0/1, 128.0.0.0/1, ::/1 and 1 more as wide: anybody", "SourceAddress:Networks", "0.0.0.0/1 128.0.0.0/1 ::/1 2000::/3")]
    [InlineData("SourceAddress:Networks holds 32.0.0.0/3: anybody", "SourceAddress:Networks", "::ffff:32.0.0.0/99")]
    [InlineData("SourceAddress:Networks holds 64:ff9b::/96: anybody", "SourceAddress:Networks", "64:ff9b::/96")] // all of IPv4, behind a translator
    [InlineData("Exemptions:0:Networks holds 34.0.0.0/8: anybody", "Exemptions:0:Networks", "34.0.0.0/8")]
    public async Task Networks_in_which_anybody_can_rent_a_machine_are_pointed_out(string warning, string key, string networks)
    {
        var settings = networks.Split(' ').Select((network, index) => ($"{key}:{index}", (string?)network)).ToArray();
        await using var app = await GuardedApp.StartAsync([.. settings, ("Exemptions:0:Path", "/healthz")]);

        Assert.Contains(app.Logs.WithId(4007), line => line.Message.Contains(warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SourceAddress:Networks", "34.64.0.0/10", true)] // what whois says of the load balancer's addresses
    [InlineData("SourceAddress:Networks", "34.97.0.0/16", true)]
    [InlineData("SourceAddress:Networks", "2600:1900::/28", true)]
    [InlineData("SourceAddress:Networks", "::ffff:34.64.0.0/106", true)]
    [InlineData("SourceAddress:Networks", "64:ff9b::34.64.0.0/106", true)]
    [InlineData("SourceAddress:Networks", "34.96.0.0/20", false)]
    [InlineData("SourceAddress:Networks", "35.191.0.0/16", false)]
    [InlineData("Exemptions:0:Networks", "34.64.0.0/10", true)]
    [InlineData("Exemptions:0:Networks", "35.191.0.0/16", false)]
    public async Task Networks_that_Google_rents_to_its_customers_are_pointed_out(string key, string network, bool expected)
    {
        await using var app = await GuardedApp.StartAsync(($"{key}:0", network), ("Exemptions:0:Path", "/healthz"));

        Assert.Equal(
            expected ? [$"OriginGuard:{key} holds"] : [],
            app.Logs.WithId(4007).Where(static line => line.Message.Contains("Google rents that one to its customers", StringComparison.Ordinal)).Select(line => line.Message[..$"OriginGuard:{key} holds".Length]));
    }

    [Theory]
    [InlineData("OriginGuard:SourceAddress:Networks:0", true)]
    [InlineData("OriginGuards:SourceAddress:Networks:0", false)]
    [InlineData("OriginGuard:ASecretOfOurs", false)] // which code reads
    public async Task A_section_that_the_guard_was_not_given_is_pointed_out(string key, bool expected)
    {
        var logs = new LogRecorder();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { [key] = "34.96.0.0/20" });
        builder.Services.AddOriginGuard(options =>
        {
            builder.Configuration.GetSection(OriginGuardOptions.SectionName).Bind(options);
            (options.SourceAddress.RecordNames, options.SharedSecret.Secrets) = ([], [GuardedApp.Secret]);
        });
        await using var app = builder.Build();
        app.UseOriginGuard();
        await app.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(expected, logs.WithId(4007).Any(static line => line.Message.Contains("AddOriginGuard was not given the configuration", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task All_of_the_internet_in_pieces_is_pointed_out()
    {
        var pieces = Enumerable.Range(0, 1 << 9).Select(piece => ($"SourceAddress:Networks:{piece}", (string?)$"{piece >> 1}.{(piece & 1) << 7}.0.0/9")).ToArray();
        await using var app = await GuardedApp.StartAsync(pieces);

        Assert.Contains(app.Logs.WithId(4007), line => line.Message.Contains("covers more than a sixteenth of all public addresses, in 512 networks", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SourceAddress:Networks:0", "34.97.0.7/32")] // of a Cloud NAT of one's own
    [InlineData("SourceAddress:Networks:0", "10.0.0.0/8")]
    [InlineData("SourceAddress:Networks:0", "fd00::/8")]
    [InlineData("Exemptions:0:Networks:0", "35.191.0.0/16")]
    [InlineData("Exemptions:0:Networks:0", "2600:2d00:1:b029::/64")]
    public async Task Ordinary_networks_are_not_complained_about(string key, string network)
    {
        await using var app = await GuardedApp.StartAsync((key, network), ("Exemptions:0:Path", "/healthz"));

        Assert.Empty(app.Logs.WithId(4007));
    }

    [Fact]
    public async Task References_of_a_process_without_a_key_are_pointed_out()
    {
        await using var app = await GuardedApp.StartAsync(("Rejection:IncludeReference", "true"));
        await using var keyed = await GuardedApp.StartAsync(("Rejection:IncludeReference", "true"), ("Rejection:ReferenceKey", "a-key-of-thirty-two-random-bytes-0001"));

        Assert.Contains("only the diagnostics page of this process opens its references", Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
        Assert.Empty(keyed.Logs.WithId(4007));
    }

    /// <summary>Whoever is refused gets a reference, and with it something to try keys on.</summary>
    [Theory]
    [InlineData("ReferenceKey")]
    [InlineData("ReferenceKeyFile")]
    public async Task A_key_of_references_that_can_be_guessed_is_pointed_out_and_not_repeated(string setting)
    {
        const string Key = "sesame-open-sesame";
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "key");
        await File.WriteAllTextAsync(file, Key, TestContext.Current.CancellationToken);
        await using var app = await GuardedApp.StartAsync(($"Rejection:{setting}", setting == "ReferenceKey" ? Key : file));

        Assert.Equal(
            [$"OriginGuard:Rejection:{setting} is shorter than 32 characters. Make one from 32 random bytes in base64url."],
            app.Logs.WithId(4007).Select(static line => line.Message));
        Assert.DoesNotContain(app.Logs.Entries, static entry => entry.Message.Contains(Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_secret_of_few_different_characters_is_pointed_out_and_not_repeated()
    {
        const string Secret = "abcdefabcdefabcdefabcdefabcdefabcdef";
        await using var app = await GuardedApp.StartAsync(("SharedSecret:Secrets:0", Secret));

        Assert.Contains("SharedSecret:Secrets:0 has fewer than 8 different characters", Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(app.Logs.Entries, entry => entry.Message.Contains(Secret, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("OriginGaurd")]
    [InlineData("OriginGuards")]
    [InlineData("Origin-Guard")]
    [InlineData("orignguard")]
    public async Task A_misspelt_section_is_named(string section)
    {
        await using var app = await GuardedApp.StartAsync(new Dictionary<string, string?> { [$"{section}:SharedSecret:Secrets:0"] = GuardedApp.Secret }, WithoutDns);

        Assert.Contains(app.Logs.WithId(4007), line => line.Message.Contains($"has no section OriginGuard, and a section {section} that looks like it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_guard_that_has_only_its_defaults_says_so()
    {
        await using var app = await GuardedApp.StartAsync(new Dictionary<string, string?> { ["Orders:Database"] = "x" }, WithoutDns);

        Assert.Contains(app.Logs.WithId(4007), line => line.Message.StartsWith("The configuration has no section OriginGuard: the guard has its defaults.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_guard_that_code_configures_needs_no_section()
    {
        await using var app = await GuardedApp.StartAsync(new Dictionary<string, string?>(), services => WithoutDns(services.Configure<OriginGuardOptions>(options =>
            options.SharedSecret.Secrets = [GuardedApp.Secret])));

        Assert.Empty(app.Logs.WithId(4007));
    }

    [Theory]
    [InlineData("Enforce", "Headers, SourceAddress, SharedSecret.")]
    [InlineData("ReportOnly", "Headers, SourceAddress, SharedSecret (report only).")]
    public async Task Each_layer_is_announced_once_however_many_headers_are_guarded_for_it(string mode, string layers)
    {
        await using var app = await GuardedApp.StartAsync(("SourceAddress:From", "ForwardedFor"), ("SharedSecret:Mode", mode));

        Assert.EndsWith($"layers in order: {layers}", Assert.Single(app.Logs.WithId(4006)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_forwarded_headers_switch_is_pointed_out()
    {
        var settings = GuardedApp.Settings();
        settings["FORWARDEDHEADERS_ENABLED"] = "true";
        await using var app = await GuardedApp.StartAsync(settings);

        Assert.Contains("ASPNETCORE_FORWARDEDHEADERS_ENABLED", Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_iis_out_of_process_an_address_layer_is_pointed_out()
    {
        var settings = GuardedApp.Settings();
        (settings["TOKEN"], settings["PORT"], settings["APPL_PATH"]) = ("pair", "18341", "/");
        await using var app = await GuardedApp.StartAsync(settings);
        settings["OriginGuard:SourceAddress:Mode"] = "Disabled";
        await using var withoutAddress = await GuardedApp.StartAsync(settings);

        Assert.Contains("IIS runs the application out of process", Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
        Assert.Empty(withoutAddress.Logs.WithId(4007));
    }

    [Fact]
    public async Task On_Cloud_Run_a_layer_that_goes_by_the_connection_is_pointed_out()
    {
        var settings = GuardedApp.Settings();
        settings["K_SERVICE"] = "origin";
        await using var app = await GuardedApp.StartAsync(settings);
        settings["KUBERNETES_SERVICE_HOST"] = "10.0.0.1";
        await using var onKnative = await GuardedApp.StartAsync(settings);
        settings.Remove("KUBERNETES_SERVICE_HOST");
        settings["OriginGuard:Platform"] = "CloudRun";
        await using var behindPlatform = await GuardedApp.StartAsync(settings);
        settings["OriginGuard:Platform"] = "CloudRunServerlessNeg";
        settings.Remove("OriginGuard:SourceAddress:Networks:0");
        settings.Remove("OriginGuard:SourceAddress:Networks:1");
        await using var withoutAddress = await GuardedApp.StartAsync(settings);

        Assert.Contains("K_SERVICE is set, so this is Cloud Run", Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
        Assert.All([onKnative, behindPlatform, withoutAddress], static other => Assert.Empty(other.Logs.WithId(4007)));
    }

    [Theory]
    [InlineData("pair", "18341", "/", true)]
    [InlineData("", "18341", "/", false)]
    [InlineData("pair", "", "/", false)]
    [InlineData("pair", "18341", "", false)]
    [InlineData(null, "8080", null, false)]
    [InlineData("pair", null, "/", false)]
    [InlineData("pair", "8080", null, false)]
    public void Only_all_three_of_its_variables_are_the_sign_of_iis(string? token, string? port, string? path, bool isIis) => Assert.Equal(
        isIis, WeakSetUp.IsBehindIis(new ConfigurationBuilder().AddInMemoryCollection([new("TOKEN", token), new("PORT", port), new("APPL_PATH", path)]).Build()));

    [Fact]
    public async Task A_record_that_nothing_but_dns_speaks_for_is_pointed_out_outside_of_Development()
    {
        var settings = GuardedApp.Settings(("SourceAddress:RecordNames", null), ("SourceAddress:RecordNames:0", SourceAddressOptions.GoogleRecordName), ("SourceAddress:Corroboration", "Off"));
        settings.Remove("OriginGuard:SourceAddress:RecordNames");
        static void WithDns(IServiceCollection services) => services.AddSingleton<ITxtResolver>(new ScriptedTxtResolver().Answer(SourceAddressOptions.GoogleRecordName, "v=spf1 ip4:34.96.0.0/20 -all"));

        await using var app = await GuardedApp.StartAsync(settings, WithDns);
        await using var lab = await GuardedApp.StartAsync(settings, WithDns, environment: "Development");
        settings["OriginGuard:SourceAddress:RecordNames:0"] = "ranges.example";
        await using var own = await GuardedApp.StartAsync(settings, WithDns);

        Assert.StartsWith("OriginGuard:SourceAddress:Corroboration is Off outside of Development", Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
        Assert.Empty(lab.Logs.WithId(4007));
        Assert.Empty(own.Logs.WithId(4007));
    }

    [Fact]
    public async Task Iap_with_an_audience_that_it_does_not_issue_and_with_keys_of_somebody_else_starts_with_a_warning_for_each()
    {
        using var issuer = new IapAssertionIssuer();
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, TestContext.Current.CancellationToken);

        await using var app = await GuardedApp.StartAsync(("Iap:Audiences:0", "1-a.apps.googleusercontent.com"), ("Iap:KeysUri", keys.Uri.ToString()));
        await using var lab = await GuardedApp.StartAsync(
            GuardedApp.Settings(("Iap:Audiences:0", "/projects/1/apps/shop"), ("Iap:KeysUri", keys.Uri.ToString())), environment: "Development");

        Assert.Equal(
            ["OriginGuard:Iap:Audiences:0 (1-a.apps.googleusercontent.com)", "OriginGuard:Iap:KeysUri"],
            app.Logs.WithId(4007).Select(entry => entry.Message[..entry.Message.IndexOf(" is ", StringComparison.Ordinal)]));
        Assert.Empty(lab.Logs.WithId(4007));
    }

    [Theory]
    [InlineData("Disabled", "Enforce", 1)]
    [InlineData("ReportOnly", "Enforce", 1)]
    [InlineData("ReportOnly", "ReportOnly", 0)]
    [InlineData("Enforce", "Enforce", 0)]
    public async Task A_preflight_that_nothing_but_its_form_admits_is_pointed_out(string otherLayers, string iap, int warnings)
    {
        using var issuer = new IapAssertionIssuer();
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, TestContext.Current.CancellationToken);

        await using var app = await GuardedApp.StartAsync(
            ("Iap:Audiences:0", "/projects/1/apps/shop"), ("Iap:KeysUri", keys.Uri.ToString()), ("Iap:AllowPreflight", "true"), ("Iap:Mode", iap),
            ("SharedSecret:Mode", otherLayers), ("SourceAddress:Mode", otherLayers));

        Assert.Equal(warnings, app.Logs.WithId(4007).Count(entry => entry.Message.Contains("AllowPreflight", StringComparison.Ordinal)));
    }

    private static void WithoutDns(IServiceCollection services) =>
        services.Configure<OriginGuardOptions>(options => options.SourceAddress = new SourceAddressOptions { RecordNames = [], Networks = [IPNetwork.Parse("34.96.0.0/20")] });
}
