using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Xunit;

namespace OriginGuard.Tests.Sample;

public class SimulatedSampleTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Refuses_what_goes_around_the_load_balancer_and_admits_what_comes_through_it()
    {
        await using var sample = await RunningSample.StartAsync();

        using var around = await sample.GetAsync(sample.Around, "/whoami");
        using var through = await sample.GetAsync(sample.Through, "/whoami");

        Assert.Equal(HttpStatusCode.Forbidden, around.StatusCode);
        Assert.Contains("address.outside_ranges", await around.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, through.StatusCode);
    }

    [Fact]
    public async Task Says_what_the_guard_found_in_the_documented_members()
    {
        await using var sample = await RunningSample.StartAsync();

        var found = await sample.ReadAsync(sample.Through, "/whoami");

        Assert.Equal(
            ["verdict", "reason", "peerAddress", "clientAddress", "remoteAddress", "scheme", "matchedNetwork", "secretSlot", "user", "headers"],
            found.EnumerateObject().Select(static member => member.Name));
        Assert.Equal("admitted", found.GetProperty("verdict").GetString());
        Assert.Equal(JsonValueKind.Null, found.GetProperty("reason").ValueKind);
        Assert.Equal("127.0.0.2", found.GetProperty("peerAddress").GetString());
        Assert.Equal("127.0.0.1", found.GetProperty("clientAddress").GetString());
        Assert.Equal("127.0.0.2", found.GetProperty("remoteAddress").GetString());
        Assert.Equal("http", found.GetProperty("scheme").GetString());
        Assert.Equal("127.0.0.2/32", found.GetProperty("matchedNetwork").GetString());
        Assert.Equal(0, found.GetProperty("secretSlot").GetInt32());
        Assert.Equal(JsonValueKind.Null, found.GetProperty("user").ValueKind);
    }

    [Fact]
    public async Task Shows_the_application_every_header_but_the_secret()
    {
        await using var sample = await RunningSample.StartAsync();

        var found = await sample.ReadAsync(sample.Through, "/whoami");

        var headers = found.GetProperty("headers");
        Assert.Equal("127.0.0.1,198.51.100.1", headers.GetProperty("X-Forwarded-For")[0].GetString());
        Assert.False(headers.TryGetProperty("X-Origin-Guard", out _));
        Assert.DoesNotContain(sample.Simulation.Secret, found.GetRawText(), StringComparison.Ordinal);
        Assert.True(sample.Simulation.Secret.Length >= 43, "The secret is shorter than 32 random bytes.");
    }

    [Theory]
    [InlineData("--OriginGuard:Mode=ReportOnly")]
    [InlineData("--OriginGuard:SharedSecret:RemoveHeader=false")]
    public async Task Shows_nobody_the_secret_that_the_application_sees(string setting)
    {
        await using var sample = await RunningSample.StartAsync(setting);

        var found = await sample.ReadAsync(sample.Through, "/whoami");
        using var page = await sample.GetAsync(sample.Through, "/");

        Assert.Equal("(not shown)", found.GetProperty("headers").GetProperty("X-Origin-Guard")[0].GetString());
        var html = await page.Content.ReadAsStringAsync(Stop);
        Assert.Contains("(not shown)", html, StringComparison.Ordinal);
        Assert.DoesNotContain(sample.Simulation.Secret, found.GetRawText() + html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_the_user_when_the_load_balancer_signs_in()
    {
        await using var sample = await RunningSample.StartAsync("--Sample:Iap=true");

        var user = (await sample.ReadAsync(sample.Through, "/whoami")).GetProperty("user");

        Assert.Equal(["subject", "email"], user.EnumerateObject().Select(static member => member.Name));
        Assert.Equal("ada@example.com", user.GetProperty("email").GetString());
        Assert.StartsWith("accounts.google.com:", user.GetProperty("subject").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_in_report_only_what_the_verdict_would_have_been()
    {
        await using var sample = await RunningSample.StartAsync("--OriginGuard:Mode=ReportOnly");

        var found = await sample.ReadAsync(sample.Around, "/whoami");

        Assert.Equal("refused", found.GetProperty("verdict").GetString());
        Assert.Equal("address.outside_ranges", found.GetProperty("reason").GetString());
        Assert.Equal(JsonValueKind.Null, found.GetProperty("matchedNetwork").ValueKind);
        Assert.Equal(JsonValueKind.Null, found.GetProperty("clientAddress").ValueKind);
    }

    [Fact]
    public async Task Answers_probes_that_go_around_the_load_balancer()
    {
        await using var sample = await RunningSample.StartAsync();

        using var probe = await sample.GetAsync(sample.Around, "/healthz");
        using var health = await sample.GetAsync(sample.Around, "/health");

        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal("application/json", health.Content.Headers.ContentType?.MediaType);
        Assert.Matches("""^\{"status":"Healthy","ranges":\{"source":"dns","ageSeconds":\d+,"networks":1\},"iap":null\}$""", await health.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task Tells_the_health_of_the_keys_when_the_load_balancer_signs_in()
    {
        await using var sample = await RunningSample.StartAsync("--Sample:Iap=true");

        var health = await sample.ReadAsync(sample.Around, "/health");

        Assert.Matches("""^\{"keys":1,"ageSeconds":\d+\}$""", health.GetProperty("iap").GetRawText());
    }

    [Fact]
    public async Task Is_unhealthy_when_nobody_answers_for_the_ranges()
    {
        await using var sample = await RunningSample.StartAsync("--OriginGuard:SourceAddress:RecordNames:0=_nowhere.example");

        using var health = await sample.GetAsync(sample.Around, "/health");
        using var request = await sample.GetAsync(sample.Through, "/whoami");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.StartsWith("""{"status":"Unhealthy","ranges":{"source":"none",""", await health.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, request.StatusCode);
    }

    [Fact]
    public async Task Gives_the_load_balancer_the_header_and_the_secret_that_the_user_configured()
    {
        const string secret = "a-secret-that-somebody-configured";
        await using var sample = await RunningSample.StartAsync($"--OriginGuard:SharedSecret:Secrets:0={secret}", "--OriginGuard:SharedSecret:HeaderName=X-Of-My-Own");

        var found = await sample.ReadAsync(sample.Through, "/whoami");

        Assert.Equal("admitted", found.GetProperty("verdict").GetString());
        Assert.Equal((secret, "X-Of-My-Own"), (sample.Simulation.Secret, sample.Simulation.SecretHeader));
    }

    [Fact]
    public async Task Gives_the_load_balancer_another_family_where_its_address_cannot_be_bound()
    {
        Assert.SkipUnless(Binds(IPAddress.IPv6Loopback), "This machine has no ::1.");
        var nobodysAddress = IPAddress.Parse("192.0.2.1");
        await using var sample = await RunningSample.StartAsync(null, [nobodysAddress, IPAddress.IPv6Loopback]);

        using var around = await sample.GetAsync(sample.Around, "/whoami");
        var through = await sample.ReadAsync(sample.Through, "/whoami");

        Assert.True(sample.Simulation.FellBack);
        Assert.Equal(HttpStatusCode.Forbidden, around.StatusCode);
        Assert.Equal("::1/128", through.GetProperty("matchedNetwork").GetString());
        Assert.Contains("cannot bind 127.0.0.2", OriginGuard.Sample.Banner.Of(sample.Host), StringComparison.Ordinal);
    }

    private static bool Binds(IPAddress address)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
