using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using OriginGuard.Tests.Iap;
using Xunit;

namespace OriginGuard.Tests.Configuration;

public sealed class SecretsInMessagesTests
{
    // No header takes the underscore, and no parser the rest.
    private const string Secret = "xVx3Zt0bqkQ8_m1nHc5rYw7LpT2dGs9Ja";
    private const string PathLike = "/Vx3Zt0bqkQ8/m1nHc5rYw7LpT2dGs9Ja";

    [Theory]
    [InlineData("Mode", Secret)]
    [InlineData("Platform", Secret)]
    [InlineData(Secret, "x")]
    [InlineData("SharedSecret", Secret)]
    [InlineData("SharedSecret:Mode", Secret)]
    [InlineData("SharedSecret:Mode", "hunter2")]
    [InlineData("SharedSecret:HeaderName", Secret)]
    [InlineData("SharedSecret:RemoveHeader", Secret)]
    [InlineData("SharedSecret:SecretFiles:0", Secret)]
    [InlineData("SharedSecret:SecretFiles:0", PathLike)]
    [InlineData("SharedSecret:SecretFiles", Secret)]
    [InlineData("SharedSecret:" + Secret, "x")]
    [InlineData("SharedSecret:hunter2", "x")]
    [InlineData("SharedSecret:Secrets:" + Secret, "")]
    [InlineData("SourceAddress:" + Secret, "x")]
    [InlineData("SourceAddress:Networks:0", Secret)]
    [InlineData("SourceAddress:RecordNames:0", Secret + " ")]
    [InlineData("SourceAddress:RecordNames:0", Secret)]
    [InlineData("SourceAddress:MaxAge", Secret)]
    [InlineData("SourceAddress:ForwardedForPosition", Secret)]
    [InlineData("SourceAddress:UseBuiltInRanges", Secret)]
    [InlineData("Dns:Servers:0", Secret)]
    [InlineData("Dns:HttpsEndpoint", "hunter2")]
    [InlineData("Dns:HttpsEndpoint", "hunter2:hunter2")]
    [InlineData("Dns:HttpsEndpoint", "https://hunter2@dns.example/")]
    [InlineData("Dns:HttpsEndpoint", "http://dns.example/hunter2?key=hunter2#hunter2")]
    [InlineData("Iap:KeysUri", "http://hunter2@keys.example/hunter2?key=hunter2")]
    [InlineData("Iap:KeysUri", Secret)]
    [InlineData("Iap:Audiences:0", Secret + " ")]
    [InlineData("Iap:ProjectNumber", Secret)]
    [InlineData("Exemptions:0:Path", Secret)]
    [InlineData("Exemptions:0:" + Secret, "x")]
    [InlineData("Rejection:" + Secret, "x")]
    public async Task A_secret_at_the_wrong_key_is_not_repeated(string key, string value)
    {
        string[] secrets = [Secret, PathLike, "hunter2"];

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync((key, value)));

        Assert.All(secrets, secret => Assert.DoesNotContain(secret.Trim(), failure.ToString(), StringComparison.Ordinal));
        var section = key.Split(':')[0];
        Assert.Contains(section is Secret ? "OriginGuard has a key of 33 characters that is not a setting" : $"OriginGuard:{section}", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Valid there, so that only what is said at the start could repeat it.</summary>
    [Theory]
    [InlineData("Iap:Audiences:0", Secret)]
    [InlineData("Iap:KeysUri", "https://keys.example/" + Secret + "?key=" + Secret)]
    public async Task A_secret_that_is_valid_at_the_wrong_key_is_not_written_down(string key, string value)
    {
        using var issuer = new IapAssertionIssuer();
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Settings(("Iap:Audiences:0", "/projects/1/global/backendServices/2"), (key, value)),
            services => services.AddSingleton<IHttpClientFactory>(new ScriptedKeyHandler(() => issuer.KeySet)));
        Assert.NotEmpty(app.Logs.WithId(4501));

        Assert.Contains(app.Logs.WithId(4007), entry => entry.Message.Contains($"OriginGuard:{key.Split(":0")[0]}", StringComparison.Ordinal));
        Assert.DoesNotContain(app.Logs.Entries, static entry => entry.Message.Contains(Secret, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("SharedSecret:SecretFiles:0", "/no/such/file", "(\"/no/such/file\")")]
    [InlineData("SharedSecret:SecretFiles:0", "secrets/origin-guard", "secrets/origin-guard\")")]
    [InlineData("Dns:HttpsEndpoint", "http://dns.example:8080/dns-query", "is \"http://dns.example:8080\"; an https address")]
    [InlineData("Dns:Servers:0", "a-server-of.my-company.example", "is \"a-server-of.my-company.example\"")]
    [InlineData("SourceAddress:Networks:0", "2001:db8:1234:5678::/129", "is \"2001:db8:1234:5678::/129\"")]
    [InlineData("SourceAddress:MinRefreshIntervall", "00:05:00", "OriginGuard:SourceAddress:MinRefreshIntervall is not a setting; it looks like MinRefreshInterval.")]
    [InlineData("SourceAddress:MaxAge\n", "00:05:00", "OriginGuard:SourceAddress:MaxAge? is not a setting; it looks like MaxAge.")]
    [InlineData("Iap:Audiences:0", "/projects/123456789/global/backend Services/1", "is '/projects/123456789/global/backend Services/1'")]
    [InlineData("Mode", "Enforce\r\nfail:", "is \"Enforce??fail:\"")]
    public async Task What_cannot_be_a_secret_is_shown(string key, string value, string shown)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync((key, value)));

        Assert.Contains(shown, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_are_written_as_json_have_no_secret()
    {
        var root = new ConfigurationBuilder().AddInMemoryCollection(GuardedApp.Settings(("Exemptions:0:Path", "/healthz"), ("Exemptions:0:Networks:0", "35.191.0.0/16"))).Build();
        using var provider = new ServiceCollection().AddLogging().AddOriginGuard(root).Services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<OriginGuardOptions>>().Value;
        Assert.Equal([GuardedApp.Secret], options.SharedSecret.Secrets);

        var json = JsonSerializer.Serialize(options);

        Assert.DoesNotContain(GuardedApp.Secret, json, StringComparison.Ordinal);
        Assert.DoesNotContain(GuardedApp.Secret, $"{options} {options.SharedSecret}", StringComparison.Ordinal);
        Assert.Contains("\"Networks\":[\"34.96.0.0/20\",\"34.127.192.0/18\"]", json, StringComparison.Ordinal);
        Assert.Contains("\"Networks\":[\"35.191.0.0/16\"]", json, StringComparison.Ordinal);
        Assert.Equal("35.191.0.0/16", JsonSerializer.Deserialize<OriginGuardOptions>(json)!.Exemptions[0].Networks[0].ToString());
    }

    [Theory]
    [InlineData(1, 0, "X-Origin-Guard: 1 secret, 0 files")]
    [InlineData(2, 1, "X-Origin-Guard: 2 secrets, 1 file")]
    public void Options_print_how_many_secrets_there_are(int secrets, int files, string text) => Assert.Equal(
        text, new SharedSecretOptions { Secrets = [.. Enumerable.Repeat(GuardedApp.Secret, secrets)], SecretFiles = [.. Enumerable.Repeat("/run/secret", files)] }.ToString());

    [Fact]
    public void Options_do_not_print_a_header_name_that_is_none() =>
        Assert.Equal("(no header name): 0 secrets, 0 files", new SharedSecretOptions { HeaderName = Secret }.ToString());
}
