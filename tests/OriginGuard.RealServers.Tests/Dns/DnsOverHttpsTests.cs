using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.RealServers.Tests.Dns;

/// <summary>DNS over HTTPS as real servers speak it.</summary>
public sealed class DnsOverHttpsTests : IDisposable
{
    private readonly LoopbackCertificate _certificate = new();
    private int _port;

    public void Dispose() => _certificate.Dispose();

    [Fact]
    public async Task Asks_Unbound_whose_certificate_is_trusted()
    {
        await using var unbound = await StartUnboundAsync();

        Assert.Equal([DnsServers.Text], (await ResolveAsync(unbound, DnsServers.Name, _certificate.CreateTrustingClient)).Texts);
        Assert.Equal(TxtError.NameError, (await ResolveAsync(unbound, DnsServers.MissingName, _certificate.CreateTrustingClient)).Error);
    }

    [Fact]
    public async Task Fetches_what_is_larger_than_4_KB_from_Unbound_in_one_answer()
    {
        await using var unbound = await StartUnboundAsync();

        Assert.Equal([DnsServers.BigText], (await ResolveAsync(unbound, DnsServers.BigName, _certificate.CreateTrustingClient)).Texts);
    }

    [Fact]
    public async Task Does_not_ask_Unbound_whose_certificate_nobody_vouches_for()
    {
        await using var unbound = await StartUnboundAsync();

        var answer = await ResolveAsync(unbound, DnsServers.Name, createHttpClient: null);

        Assert.Equal(TxtError.Network, answer.Error);
        Assert.Contains("SecureConnectionError", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asks_BIND_over_TLS()
    {
        await using var bind = await DnsServers.StartBindAsync(
            setup => $$"""
                tls local { cert-file "{{WriteCertificate(setup)}}"; key-file "{{WriteKey(setup)}}"; };
                http local { endpoints { "/dns-query"; }; };
                """,
            setup => $"listen-on port {_port = setup.TakePort()} tls local http local {{ 127.0.0.1; }};");

        Assert.Equal([DnsServers.Text], (await ResolveAsync(bind, DnsServers.Name, _certificate.CreateTrustingClient)).Texts);
        Assert.Equal([DnsServers.BigText], (await ResolveAsync(bind, DnsServers.BigName, _certificate.CreateTrustingClient)).Texts);
    }

    [Fact]
    public async Task Asks_BIND_without_TLS_on_loopback()
    {
        await using var bind = await DnsServers.StartBindAsync(
            _ => """http local { endpoints { "/dns-query"; }; };""",
            setup => $"listen-on port {_port = setup.TakePort()} tls none http local {{ 127.0.0.1; }};");

        Assert.Equal([DnsServers.Text], (await ResolveAsync(bind, DnsServers.Name, createHttpClient: null, "http")).Texts);
        Assert.Equal(TxtError.Refused, (await ResolveAsync(bind, DnsServers.ForeignName, createHttpClient: null, "http")).Error);
    }

    private Task<RealServer> StartUnboundAsync() => DnsServers.StartUnboundAsync(
        DnsServers.LocalData,
        setup => $"""
              interface: 127.0.0.1@{_port = setup.TakePort()}
              https-port: {_port}
              http-endpoint: "/dns-query"
              tls-service-key: "{WriteKey(setup)}"
              tls-service-pem: "{WriteCertificate(setup)}"
            """);

    private async Task<TxtAnswer> ResolveAsync(
        RealServer server, string name, Func<HttpClient>? createHttpClient, string scheme = "https") =>
        await DnsServers
            .CreateResolver(server.EndPoint, null, new Uri($"{scheme}://localhost:{_port}/dns-query"), createHttpClient)
            .ResolveTxtAsync(name, TestContext.Current.CancellationToken);

    private string WriteCertificate(ServerSetup setup) => setup.Write("cert.pem", _certificate.CertificatePem);

    private string WriteKey(ServerSetup setup) => setup.Write("key.pem", _certificate.KeyPem);
}
