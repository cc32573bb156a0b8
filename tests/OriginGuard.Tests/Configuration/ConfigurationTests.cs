using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OriginGuard.Configuration;
using OriginGuard.Settings;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Configuration;

public sealed class ConfigurationTests
{
    public static TheoryData<string, string, string> Mistakes => new()
    {
        { "Mode", "Enforced", "OriginGuard:Mode is \"Enforced\"; one of Enforce, ReportOnly, Disabled is needed" },
        { "Mode", "7", "OriginGuard:Mode" },
        { "Mode", "", "OriginGuard:Mode" },
        { "Platform", "Aws", "OriginGuard:Platform" },
        { "Platfrom", "CloudRun", "OriginGuard:Platfrom is not a setting" },
        { "SharedSecret:Secret", GuardedApp.Secret, "OriginGuard:SharedSecret has a key of 6 characters that is not a setting; it looks like Secrets." },
        { "SourceAddress:From", "Socket", "OriginGuard:SourceAddress:From" },
        { "SourceAddress:ForwardedForPosition", "0", "OriginGuard:SourceAddress:ForwardedForPosition is 0; a number from 1 to 32" },
        { "SourceAddress:ForwardedForPosition", "one", "OriginGuard:SourceAddress:ForwardedForPosition" },
        { "SourceAddress:Networks:1", "34.96.0.0/33", "OriginGuard:SourceAddress:Networks:1 is \"34.96.0.0/33\"" },
        { "SourceAddress:Networks:1", "34.96.0.0", "OriginGuard:SourceAddress:Networks:1 is \"34.96.0.0\"; a network such as 192.0.2.0/24, 192.0.2.7/32 for one address" },
        { "SourceAddress:Networks:1", "", "OriginGuard:SourceAddress:Networks:1" },
        { "SourceAddress:Networks:1", "34.96/16", "OriginGuard:SourceAddress:Networks:1 is \"34.96/16\"; a network such as 192.0.2.0/24" },
        { "SourceAddress:Networks:1", "010.0.0.0/8", "OriginGuard:SourceAddress:Networks:1 is \"010.0.0.0/8\"" },
        { "SourceAddress:Networks:1", "10.0.0.0/8\0", "OriginGuard:SourceAddress:Networks:1 is \"10.0.0.0/8?\"" },
        { "SourceAddress:Networks:1", "0x22.96.0.0/16", "OriginGuard:SourceAddress:Networks:1" },
        { "SourceAddress:Networks:1", "34.96.0.0/016", "OriginGuard:SourceAddress:Networks:1" },
        { "SourceAddress:Networks:1", "34.96.0.0/+16", "OriginGuard:SourceAddress:Networks:1" },
        { "SourceAddress:Networks:1", "[2600:1900::]/28", "OriginGuard:SourceAddress:Networks:1" },
        { "SourceAddress:Networks:1", "fe80::%eth0/64", "OriginGuard:SourceAddress:Networks:1" },
        { "SourceAddress:Networks:1", "2600:1900::/129", "OriginGuard:SourceAddress:Networks:1" },
        { "SourceAddress:Networks:1", "0.0.0.0/0", "OriginGuard:SourceAddress:Networks:1 is 0.0.0.0/0, which is every address" },
        { "SourceAddress:Networks:1", "1.2.3.4/0", "OriginGuard:SourceAddress:Networks:1 is 0.0.0.0/0, which is every address" },
        { "SourceAddress:Networks:1", "::/0", "OriginGuard:SourceAddress:Networks:1 is ::/0, which is every address" },
        { "SourceAddress:Networks:1", "::ffff:0.0.0.0/96", "which is every address" },
        { "Exemptions:0:Networks:0", "::/0", "OriginGuard:Exemptions:0:Networks:0 is ::/0, which is every address" },
        { "SourceAddress:MaxAge", "24:00:00", "OriginGuard:SourceAddress:MaxAge is \"24:00:00\"; hours go from 0 to 23, and more would be read as days. Write 1.00:00:00 for 24 hours." },
        { "SourceAddress:MaxAge", "36:30:00", "Write 1.12:30:00 for 36 hours." },
        { "SourceAddress:MaxAge", "168:00", "with two parts it could be either of two durations. Write 7.00:00:00 for hours and minutes, or 02:48:00 for minutes and seconds." },
        { "Dns:Timeout", "0:30", "Write 00:30:00 for hours and minutes, or 00:00:30 for minutes and seconds." },
        { "Iap:MaxTokenLifetime", " 10:00", "Write 10:00:00 for hours and minutes, or 00:10:00 for minutes and seconds." },
        { "Iap:ClockSkew", "30:00:00", "OriginGuard:Iap:ClockSkew is \"30:00:00\"; hours go from 0 to 23" },
        { "SharedSecret:HeaderName", "Authorization", "Authorization has a meaning of its own" },
        { "SharedSecret:HeaderName", "accept", "Accept has a meaning of its own" },
        { "SharedSecret:HeaderName", "X-Forwarded-Server", "names that start with X-Forwarded- have a meaning of their own" },
        { "SharedSecret:Secrets:1", "$(ORIGIN_SECRET_OF_THE_PIPELINE)", "OriginGuard:SharedSecret:Secrets:1 is a placeholder that nothing has replaced" },
        { "SharedSecret:Secrets:1", "projects/1/secrets/origin/versions/latest", "OriginGuard:SharedSecret:Secrets:1 is the name of a secret in Secret Manager" },
        { "SharedSecret:Secrets:1", "changeme-changeme-changeme", "OriginGuard:SharedSecret:Secrets:1 is a placeholder" },
        { "SharedSecret:Secrets:1", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "OriginGuard:SharedSecret:Secrets:1 is made of one character, repeated" },
        { "SourceAddress:RecordNames:0", "no name", "OriginGuard:SourceAddress:RecordNames:0" },
        { "SourceAddress:GoogleNetworksUri", "http://lists.example/goog.json", "OriginGuard:SourceAddress:GoogleNetworksUri is \"http://lists.example\"; an https address is needed" },
        { "SourceAddress:MinPrefixLengthV4", "33", "OriginGuard:SourceAddress:MinPrefixLengthV4" },
        { "SourceAddress:MinPrefixLengthV6", "-1", "OriginGuard:SourceAddress:MinPrefixLengthV6" },
        { "SourceAddress:MinRefreshInterval", "00:00:00.5", "OriginGuard:SourceAddress:MinRefreshInterval" },
        { "SourceAddress:MaxRefreshInterval", "00:01:00", "OriginGuard:SourceAddress:MaxRefreshInterval" },
        { "SourceAddress:MaxAge", "604800", "OriginGuard:SourceAddress:MaxAge is \"604800\"; a duration such as 00:05:00" },
        { "Dns:Timeout", "2", "OriginGuard:Dns:Timeout is \"2\"; a duration such as 00:05:00" },
        { "SourceAddress:MaxAge", "a week", "OriginGuard:SourceAddress:MaxAge" },
        { "SourceAddress:SnapshotPath", " ", "OriginGuard:SourceAddress:SnapshotPath" },
        { "Dns:Servers:0", "dns.google", "OriginGuard:Dns:Servers:0" },
        { "Dns:HttpsEndpoint", "http://dns.google/dns-query", "OriginGuard:Dns:HttpsEndpoint" },
        { "Dns:HttpsEndpoint", "dns-query", "OriginGuard:Dns:HttpsEndpoint" },
        { "Dns:Timeout", "00:00:00", "OriginGuard:Dns:Timeout" },
        { "Dns:Attempts", "0", "OriginGuard:Dns:Attempts" },
        { "SharedSecret:HeaderName", "X-Goog-Secret", "OriginGuard:SharedSecret:HeaderName" },
        { "SharedSecret:HeaderName", "x-gfe", "OriginGuard:SharedSecret:HeaderName" },
        { "SharedSecret:HeaderName", "X-Amz-Secret", "OriginGuard:SharedSecret:HeaderName" },
        { "SharedSecret:HeaderName", "X-User-IP", "OriginGuard:SharedSecret:HeaderName" },
        { "SharedSecret:HeaderName", "Host", "OriginGuard:SharedSecret:HeaderName" },
        { "SharedSecret:HeaderName", "Transfer-Encoding", "OriginGuard:SharedSecret:HeaderName" },
        { "SharedSecret:HeaderName", "CDN-Loop", "OriginGuard:SharedSecret:HeaderName" },
        { "SharedSecret:HeaderName", "X_Origin_Guard", "OriginGuard:SharedSecret:HeaderName" },
        { "SharedSecret:HeaderName", "X Origin", "OriginGuard:SharedSecret:HeaderName" },
        { "SharedSecret:Secrets:1", "fifteen-letters", "OriginGuard:SharedSecret:Secrets:1 is 15 bytes; 16 or more are needed" },
        { "SharedSecret:Secrets:1", "has-a-comma,in-the-middle", "OriginGuard:SharedSecret:Secrets:1" },
        { "SharedSecret:Secrets:1", "has a blank in the middle", "OriginGuard:SharedSecret:Secrets:1" },
        { "SharedSecret:Secrets:1", "has-a-{variable}-in-it", "OriginGuard:SharedSecret:Secrets:1" },
        { "SharedSecret:Secrets:1", "has-\u00e9-in-the-middle", "OriginGuard:SharedSecret:Secrets:1" },
        { "SharedSecret:SecretFiles:0", "/no/such/file", "OriginGuard:SharedSecret:SecretFiles:0" },
        { "SharedSecret:Secrets", "one-text-instead-of-a-list", "OriginGuard:SharedSecret:Secrets is one text" },
        { "Iap:KeysUri", "http://keys.example/", "OriginGuard:Iap:KeysUri" },
        { "Iap:ClockSkew", "-00:00:01", "OriginGuard:Iap:ClockSkew" },
        { "ClientAddress:Position", "0", "OriginGuard:ClientAddress:Position" },
        { "Exemptions:0:Path", "healthz", "OriginGuard:Exemptions:0:Path" },
        { "Exemptions:0:Path", "/a%20b", "OriginGuard:Exemptions:0:Path" },
        { "Exemptions:0:Networks:0", "everyone", "OriginGuard:Exemptions:0:Networks:0" },
        { "Rejection:StatusCode", "200", "OriginGuard:Rejection:StatusCode is 200; a number from 400 to 499" },
        { "Rejection:Abort", "yes", "OriginGuard:Rejection:Abort" },
        { "Rejection", "403", "OriginGuard:Rejection is one text; settings below it are needed" },
        { "Iap", "/projects/1/apps/x", "OriginGuard:Iap is one text" },
        { "Mode:Foo", "x", "OriginGuard:Mode has settings below it" },
        { "Exemptions:0", "/healthz", "OriginGuard:Exemptions:0 is one text" },
        { "ClientAddress:Position", "q", "OriginGuard:ClientAddress:Position is \"q\"; a whole number is needed" },
        { "Dns:HttpsEndpoint", "https://user:password@dns.example/", "OriginGuard:Dns:HttpsEndpoint holds a user name or password" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_ends_the_start_and_names_its_key(string key, string value, string message)
    {
        var settings = GuardedApp.Settings();
        if (key is "SharedSecret:Secrets")
        {
            settings.Remove("OriginGuard:SharedSecret:Secrets:0");
        }

        settings[$"OriginGuard:{key}"] = value;

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync(settings));

        Assert.Contains(failure.Failures, mistake => mistake.Contains(message, StringComparison.Ordinal));
        if (key.Contains(":Secret", StringComparison.Ordinal) && value.Length > 0 && !key.EndsWith("Files:0", StringComparison.Ordinal))
        {
            Assert.DoesNotContain(value, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_text_beside_a_list_is_a_mistake_and_does_not_lose_in_silence()
    {
        const string New = "the-new-secret-of-a-rotation-1234";

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync(("SharedSecret:Secrets", New)));

        Assert.StartsWith("OriginGuard:SharedSecret:Secrets is one text beside a list", Assert.Single(failure.Failures), StringComparison.Ordinal);
        Assert.DoesNotContain(New, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_is_named_twice_is_a_mistake()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync(
            ("SourceAddress:RecordNames", null), ("SourceAddress:RecordNames:0", "a.example"), ("SourceAddress:RecordNames:1", "b.example"), ("SourceAddress:RecordNames:2", "A.example.")));

        Assert.Equal("OriginGuard:SourceAddress:RecordNames:2 is \"A.example\"; each name is needed once. Remove the repetition.", Assert.Single(failure.Failures));
    }

    [Fact]
    public async Task What_only_code_can_set_is_judged_too()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync(GuardedApp.Settings(), static services => services.PostConfigure<OriginGuardOptions>(static options =>
        {
            options.Mode = (LayerMode)7;
            options.SharedSecret.HeaderName = null!; // code without nullable annotations can
            options.SourceAddress.GoogleNetworksUri = new Uri("goog.json", UriKind.Relative);
        })));

        Assert.Contains(failure.Failures, static mistake => mistake.StartsWith("OriginGuard:Mode is 7; one of Enforce, ReportOnly, Disabled is needed.", StringComparison.Ordinal));
        Assert.Contains(failure.Failures, static mistake => mistake.Contains("OriginGuard:SourceAddress:GoogleNetworksUri is a text of 9 characters; an https address is needed", StringComparison.Ordinal));
        Assert.Contains(failure.Failures, static mistake => mistake.Contains("a header name of 1 to 128 characters is needed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_section_of_another_name_is_called_by_it()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection([new("Edge:Guard:SharedSecret:Secrets:0", "short"), new("Edge:Guard:Exemptions:0:Path", "healthz")]);
        builder.Services.AddOriginGuard(builder.Configuration.GetSection("Edge:Guard"));
        await using var app = builder.Build();
        app.UseOriginGuard();

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal(2, failure.Failures.Count());
        Assert.All(failure.Failures, static mistake => Assert.StartsWith("Edge:Guard:", mistake, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("OriginGuard")]
    [InlineData("originguard")]
    public async Task A_section_in_the_section_does_not_take_its_place(string name)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection([new("OriginGuard:SharedSecret:Secrets:0", GuardedApp.Secret), new("OriginGuard:OriginGuard:Mode", "Disabled")]);
        builder.Services.AddOriginGuard(builder.Configuration.GetSection(name));
        await using var app = builder.Build();
        app.UseOriginGuard();

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("OriginGuard", Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    public static TheoryData<Action<OriginGuardOptions>, string> Nulls => new()
    {
        { static options => options.SharedSecret.Secrets = [GuardedApp.Secret, null!], "OriginGuard:SharedSecret:Secrets:1 is null; a value is needed. Whatever it was to come from, a variable for example, is most likely not set." },
        { static options => options.SharedSecret.Secrets = null!, "OriginGuard:SharedSecret:Secrets is null; give a list, which may be empty." },
        { static options => options.SharedSecret.SecretFiles = null!, "OriginGuard:SharedSecret:SecretFiles is null; give a list, which may be empty." },
        { static options => options.Iap.Audiences = null!, "OriginGuard:Iap:Audiences is null; give a list, which may be empty." },
        { static options => options.Dns.Servers = [null!], "OriginGuard:Dns:Servers:0 is null; a value is needed. Whatever it was to come from, a variable for example, is most likely not set." },
        { static options => options.Exemptions = null!, "OriginGuard:Exemptions is null; give a list, which may be empty." },
    };

    [Theory]
    [MemberData(nameof(Nulls))]
    public async Task What_code_leaves_null_is_named(Action<OriginGuardOptions> leave, string mistake)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync(GuardedApp.Settings(), services => services.PostConfigure(leave)));

        Assert.Equal(mistake, Assert.Single(failure.Failures));
    }

    [Fact]
    public void An_element_that_code_has_added_goes_by_its_number()
    {
        var reading = new ReadingNotes();
        reading.NameElements("OriginGuard:Exemptions", ["probe"]);

        Assert.Equal(["OriginGuard:Exemptions:probe", "OriginGuard:Exemptions:1"], [reading.Element("OriginGuard:Exemptions", 0), reading.Element("OriginGuard:Exemptions", 1)]);
    }

    [Fact]
    public async Task All_mistakes_are_reported_at_once()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync(
            ("Mode", "Off"), ("Dns:Attempts", "99"), ("SharedSecret:HeaderName", "Host"), ("Rejection:StatusCode", "500"), ("Iap:Audience", "x")));

        Assert.Equal(5, failure.Failures.Count());
    }

    [Fact]
    public async Task A_guard_without_a_layer_does_not_start()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync(new Dictionary<string, string?>
        {
            ["OriginGuard:SourceAddress:RecordNames"] = "",
        }));

        Assert.Contains("has no layer that is on", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Layers_that_are_all_disabled_are_no_layer()
    {
        await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync(("SourceAddress:Mode", "Disabled"), ("SharedSecret:Mode", "Disabled")));
    }

    [Fact]
    public async Task The_regional_platform_needs_networks()
    {
        var settings = new Dictionary<string, string?>
        {
            ["OriginGuard:Platform"] = "InternetNegRegional",
            ["OriginGuard:SharedSecret:Secrets:0"] = GuardedApp.Secret,
        };

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync(settings));

        Assert.Contains("Cloud NAT", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counting_in_forwarded_for_refuses_to_start_beside_the_switch_that_removes_the_entry()
    {
        var settings = GuardedApp.Settings(("SourceAddress:From", "ForwardedFor"));
        settings["FORWARDEDHEADERS_ENABLED"] = "TRUE";

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync(settings));

        Assert.Contains("ASPNETCORE_FORWARDEDHEADERS_ENABLED", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OriginPlatform.InternetNeg, PeerAddressSource.Connection, "_cloud-eoips.googleusercontent.com", "", 2)]
    [InlineData(OriginPlatform.InternetNegRegional, PeerAddressSource.Connection, "", "192.0.2.0/24", 2)]
    [InlineData(OriginPlatform.CloudRun, PeerAddressSource.ForwardedFor, "_cloud-eoips.googleusercontent.com", "", 3)]
    [InlineData(OriginPlatform.CloudRunServerlessNeg, PeerAddressSource.Connection, "", "", 2)]
    [InlineData(OriginPlatform.GoogleCloudBackend, PeerAddressSource.Connection, "", "35.191.0.0/16 130.211.0.0/22", 2)]
    public void A_platform_sets_what_was_not_set(OriginPlatform platform, PeerAddressSource from, string records, string networks, int position)
    {
        var options = Read(("Platform", platform.ToString()), ("SharedSecret:Secrets:0", GuardedApp.Secret),
            platform is OriginPlatform.InternetNegRegional ? ("SourceAddress:Networks:0", "192.0.2.0/24") : ("Mode", "Enforce"));

        Assert.Equal(from, options.SourceAddress.From);
        Assert.Equal(records, string.Join(' ', options.SourceAddress.RecordNames!));
        Assert.Equal(networks, string.Join(' ', options.SourceAddress.Networks!));
        Assert.Equal(position, options.ClientAddress.Position);
    }

    [Fact]
    public void A_platform_does_not_touch_what_was_set()
    {
        var options = Read(
            ("Platform", "CloudRun"), ("SourceAddress:From", "Connection"), ("SourceAddress:RecordNames:0", "ranges.example"), ("ClientAddress:Position", "5"));

        Assert.Equal(PeerAddressSource.Connection, options.SourceAddress.From);
        Assert.Equal(["ranges.example"], options.SourceAddress.RecordNames!);
        Assert.Equal(5, options.ClientAddress.Position);
    }

    [Fact]
    public void A_configured_array_replaces_the_default_and_an_empty_one_means_none()
    {
        Assert.Equal([SourceAddressOptions.GoogleRecordName], ReadJson("""{"OriginGuard":{}}""").SourceAddress.RecordNames!);
        Assert.Equal(["a.example"], ReadJson("""{"OriginGuard":{"SourceAddress":{"RecordNames":["a.example"]}}}""").SourceAddress.RecordNames!);
        Assert.Equal([], ReadJson("""{"OriginGuard":{"SourceAddress":{"RecordNames":[],"Networks":["192.0.2.0/24"]}}}""").SourceAddress.RecordNames!);
        Assert.Equal([SourceAddressOptions.GoogleRecordName], ReadJson("""{"OriginGuard":{"SourceAddress":{"RecordNames":null}}}""").SourceAddress.RecordNames!);
    }

    [Fact]
    public void The_reader_notes_what_the_sources_gave()
    {
        var options = ReadJson("""{"OriginGuard":{"SourceAddress":{"RecordNames":[],"Networks":["192.0.2.0/24"],"MaxAge":null}}}""", ("Platform", "InternetNeg"));

        Assert.Equal(
            ["OriginGuard:Platform", "OriginGuard:SourceAddress", "OriginGuard:SourceAddress:Networks", "OriginGuard:SourceAddress:Networks:0", "OriginGuard:SourceAddress:RecordNames"],
            options.Reading.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_empty_text_in_the_environment_switches_off_a_list_in_a_file()
    {
        var file = """{"OriginGuard":{"SourceAddress":{"RecordNames":["a.example"],"Networks":["192.0.2.0/24"]}}}""";

        Assert.Equal([], ReadJson(file, ("SourceAddress:RecordNames", "")).SourceAddress.RecordNames!);
    }

    [Fact]
    public void A_list_that_one_source_emptied_does_not_come_back_when_a_later_source_adds_to_it()
    {
        var root = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes("""{"OriginGuard":{"SharedSecret":{"Secrets":["the-first-of-the-file","the-second-of-the-file"]}}}""")))
            .AddInMemoryCollection([new("OriginGuard:SharedSecret:Secrets", "")])
            .AddInMemoryCollection([new("OriginGuard:SharedSecret:Secrets:0", GuardedApp.Secret)])
            .Build();
        using var provider = new ServiceCollection().AddLogging().AddOriginGuard(root).Services.BuildServiceProvider();

        Assert.Equal([GuardedApp.Secret], provider.GetRequiredService<OptionsInForce>().Current.SharedSecret.Secrets);
    }

    [Fact]
    public void A_source_that_goes_away_does_not_take_a_layer_with_it()
    {
        var settings = GuardedApp.Settings();
        settings.Remove("OriginGuard:SharedSecret:Secrets:0");
        using var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings);
        configuration.AddInMemoryCollection([new("OriginGuard:SharedSecret:Secrets:0", GuardedApp.Secret)]);
        using var logs = new LogRecorder();
        using var provider = new ServiceCollection().AddLogging(logging => logging.AddProvider(logs)).AddOriginGuard(configuration).Services.BuildServiceProvider();
        var options = provider.GetRequiredService<OptionsInForce>();

        // Behind the source that every configuration manager begins with.
        ((IConfigurationBuilder)configuration).Sources.RemoveAt(2);

        Assert.Equal([GuardedApp.Secret], options.Current.SharedSecret.Secrets);
        Assert.Contains("OriginGuard:SharedSecret:Mode to Disabled", Assert.Single(logs.WithId(4002)).Message, StringComparison.Ordinal);

        configuration["OriginGuard:SharedSecret:Mode"] = "Disabled";
        ((IConfigurationRoot)configuration).Reload();

        Assert.Empty(options.Current.SharedSecret.Secrets);
    }

    [Fact]
    public void An_element_in_the_environment_fills_an_empty_list_in_a_file()
    {
        var file = """{"OriginGuard":{"SourceAddress":{"RecordNames":[]},"SharedSecret":{"Secrets":[]}}}""";

        Assert.Equal([GuardedApp.Secret], ReadJson(file, ("SharedSecret:Secrets:0", GuardedApp.Secret)).SharedSecret.Secrets);
    }

    [Fact]
    public void The_section_itself_may_be_given_instead_of_the_root()
    {
        var root = new ConfigurationBuilder().AddInMemoryCollection(GuardedApp.Settings(("Rejection:StatusCode", "404"))).Build();
        using var provider = new ServiceCollection().AddLogging().AddOriginGuard(root.GetSection("OriginGuard")).Services.BuildServiceProvider();

        Assert.Equal(404, provider.GetRequiredService<OptionsInForce>().Current.Rejection.StatusCode);
    }

    [Fact]
    public void Code_configures_it_too_and_a_later_call_adds_to_an_earlier_one()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddOriginGuard(options => options.SourceAddress.Networks = [IPNetwork.Parse("192.0.2.0/24")]);
        services.AddOriginGuard(options => options.SharedSecret.Secrets = [GuardedApp.Secret]);
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<OptionsInForce>().Current;

        Assert.Equal("192.0.2.0/24", options.SourceAddress.Networks![0].ToString());
        Assert.Single(options.SharedSecret.Secrets);
    }

    [Fact]
    public async Task A_reload_comes_into_force()
    {
        await using var app = await GuardedApp.StartAsync();

        app.Reload(("SourceAddress:Networks:0", "203.0.113.0/24"));

        var context = await app.SendAsync(GuardedApp.Stranger, request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);
        Assert.Equal(200, context.Response.StatusCode);
        Assert.Equal("203.0.113.0/24", app.Services.GetRequiredService<OptionsInForce>().Current.SourceAddress.Networks![0].ToString());
    }

    /// <summary>A variable of a template that was not set must not open to everybody what was meant for some.</summary>
    [Theory]
    [InlineData("null", false)]
    [InlineData("{}", false)]
    [InlineData("[]", true)]
    [InlineData("\"\"", true)]
    public void Networks_of_an_exemption_are_written_or_empty(string networks, bool isGood)
    {
        var json = """{"OriginGuard":{"Exemptions":[{"Path":"/ops","Networks":?}]}}""".Replace("?", networks, StringComparison.Ordinal);

        if (isGood)
        {
            Assert.Empty(Assert.Single(ReadJson(json).Exemptions).Networks);
        }
        else
        {
            Assert.Equal(
                "OriginGuard:Exemptions:0:Networks is null; the exemption would hold for everybody. Write the list, or an empty one if that is meant.",
                Assert.Throws<OptionsValidationException>(() => ReadJson(json)).Failures.Single());
        }
    }

    [Fact]
    public async Task A_reload_with_a_mistake_keeps_what_was_in_force_and_says_so()
    {
        await using var app = await GuardedApp.StartAsync();

        app.Reload(("SourceAddress:Networks:0", "203.0.113.0/24"), ("Rejection:StatusCode", "200"));

        var stranger = await app.SendAsync(GuardedApp.Stranger, request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);
        var admitted = await app.SendAsync(GuardedApp.LoadBalancer, request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);
        Assert.Equal((403, 200), (stranger.Response.StatusCode, admitted.Response.StatusCode));
        Assert.Contains(app.Logs.WithId(4002), entry => entry.Message.Contains("OriginGuard:Rejection:StatusCode", StringComparison.Ordinal));

        app.Reload(("Rejection:StatusCode", "404"));

        var next = await app.SendAsync(IPAddress.Parse("198.51.100.1"));
        Assert.Equal(404, next.Response.StatusCode);
    }

    private static OriginGuardOptions Read(params (string Key, string? Value)[] settings) => ReadJson("{}", settings);

    private static OriginGuardOptions ReadJson(string json, params (string Key, string? Value)[] environment)
    {
        var root = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)))
            .AddInMemoryCollection(environment.ToDictionary(setting => $"OriginGuard:{setting.Key}", setting => setting.Value))
            .Build();
        using var provider = new ServiceCollection().AddLogging().AddOriginGuard(root).Services.BuildServiceProvider();
        return provider.GetRequiredService<OptionsInForce>().Current;
    }
}
