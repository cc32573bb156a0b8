using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OriginGuard.Sample.Settings;
using OriginGuard.Testing;

namespace OriginGuard.Sample.Simulated;

/// <summary>
/// What surrounds the guarded origin on loopback: the load balancer in front of it, the DNS server that publishes its address, and the keys of its
/// Identity-Aware Proxy.
/// </summary>
internal sealed class Simulation : IAsyncDisposable
{
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(10);

    private readonly SampleSettings _settings;
    private readonly LoopbackDnsServer _dns;
    private readonly IapSigner _signer;
    private SimulatedLoadBalancer? _loadBalancer;
    private string _audience = IapSigner.DefaultAudience;

    private Simulation(SampleSettings settings, LoopbackDnsServer dns, IapSigner signer, IPAddress source, bool fellBack)
    {
        (_settings, _dns, _signer, Source, FellBack) = (settings, dns, signer, source, fellBack);
        _dns.SetTxt(SourceAddressOptions.GoogleRecordName, TimeToLive, $"v=spf1 {(IsFour ? "ip4" : "ip6")}:{Source}/{(IsFour ? 32 : 128)} -all");
        Configuration = Configure();
    }

    /// <summary>Where the load balancer's connections come from.</summary>
    public IPAddress Source { get; }

    /// <summary>Whether the system cannot bind the address that was wanted first.</summary>
    public bool FellBack { get; }

    /// <summary>Whether the guard asks for an assertion, which the load balancer then adds.</summary>
    public bool SignsIn => _settings.Iap;

    /// <summary>Whether whoever goes around the load balancer is hung up on.</summary>
    public bool HangsUp => _settings.ConnectionGuard;

    public IPEndPoint NameServer => _dns.EndPoint;

    /// <summary>Where clients reach the load balancer.</summary>
    public Uri LoadBalancer { get; private set; } = new("http://127.0.0.1/");

    /// <summary>Where direct clients reach the origin.</summary>
    public Uri Origin => new($"http://{OriginForClients}/");

    public IPEndPoint OriginForClients { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>Where the load balancer reaches the origin: over the family of its own address.</summary>
    public IPEndPoint OriginForLoadBalancer { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>The header of the secret, as it is configured in the end.</summary>
    public string SecretHeader { get; private set; } = "";

    /// <summary>The secret that the load balancer adds. It goes to the guard and into requests, never into a log or a page.</summary>
    public string Secret { get; private set; } = "";

    /// <summary>What makes the guard believe this DNS server and this load balancer.</summary>
    public IReadOnlyDictionary<string, string?> Configuration { get; }

    private bool IsFour => Source.AddressFamily is AddressFamily.InterNetwork;

    public static async Task<Simulation> StartAsync(SampleSettings settings, IPAddress[] sources, CancellationToken cancellationToken)
    {
        var source = Simulated.SourceAddress.FirstThatBinds(sources);
        var signer = await IapSigner.StartAsync(cancellationToken);
        try
        {
            var dns = LoopbackDnsServer.Start(new IPEndPoint(IPAddress.Loopback, settings.DnsPort));
            return new Simulation(settings, dns, signer, source, fellBack: !source.Equals(sources[0]));
        }
        catch (SocketException exception)
        {
            await signer.DisposeAsync();
            throw StartMistakes.DnsPort(settings.DnsPort, exception);
        }
    }

    /// <summary>Where the origin has to listen.</summary>
    public IReadOnlyList<string> OriginUrls(string? asked)
    {
        var urls = Simulated.OriginUrls.Choose(asked, Source);
        Simulated.OriginUrls.Require(urls, AddressFamily.InterNetwork);
        return urls;
    }

    /// <summary>Starts the load balancer before an origin that listens, with the secret that is configured there.</summary>
    public async Task StandInFrontOfAsync(WebApplication origin, CancellationToken cancellationToken)
    {
        OriginForClients = Simulated.OriginUrls.Require(origin.Urls, AddressFamily.InterNetwork);
        OriginForLoadBalancer = Simulated.OriginUrls.Require(origin.Urls, Source.AddressFamily);
        var guard = origin.Services.GetRequiredService<IOptions<OriginGuardOptions>>().Value;
        SecretHeader = guard.SharedSecret.HeaderName;
        Secret = guard.SharedSecret.Secrets.FirstOrDefault() ?? "";
        _audience = guard.Iap.Audiences.FirstOrDefault() ?? IapSigner.DefaultAudience;
        var options = new SimulatedLoadBalancerOptions
        {
            Origin = new Uri($"http://{OriginForLoadBalancer}"),
            Port = _settings.SimulatorPort,
            SourceAddress = Source,
            IapAssertion = SignsIn ? _ => Assertion(IapAssertionKind.NotSet) : null,
            CustomRequestHeaders = Secret.Length > 0 ? [new CustomRequestHeader(SecretHeader, Secret)] : [],
        };
        try
        {
            _loadBalancer = await SimulatedLoadBalancer.StartAsync(options, cancellationToken);
        }
        catch (IOException taken)
        {
            throw StartMistakes.LoadBalancerPort(taken);
        }

        LoadBalancer = _loadBalancer.Address;
    }

    /// <summary>An assertion for the origin's first audience, good or bad.</summary>
    public string Assertion(IapAssertionKind kind) => _signer.Issue(_audience, kind);

    public async ValueTask DisposeAsync()
    {
        if (_loadBalancer is not null)
        {
            await _loadBalancer.DisposeAsync();
        }

        await _dns.DisposeAsync();
        await _signer.DisposeAsync();
    }

    private Dictionary<string, string?> Configure()
    {
        var configuration = new Dictionary<string, string?>
        {
            ["OriginGuard:Dns:Servers:0"] = NameServer.ToString(),
            ["OriginGuard:SourceAddress:AllowNonPublicNetworks"] = "true",
            ["OriginGuard:SourceAddress:UseBuiltInRanges"] = "false",
            ["OriginGuard:SourceAddress:MinRefreshInterval"] = "00:00:05",
            ["OriginGuard:SourceAddress:MaxRefreshInterval"] = "00:01:00",
            ["OriginGuard:SharedSecret:Secrets:0"] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)),
            ["OriginGuard:Iap:KeysUri"] = _signer.Keys.ToString(),
            ["OriginGuard:Rejection:IncludeReason"] = "true",

            // The guard warns of AllowNonPublicNetworks, as it should: here it is meant, and all of it is on loopback.
            ["Logging:LogLevel:OriginGuard.Startup"] = "Error",
        };
        if (SignsIn)
        {
            configuration["OriginGuard:Iap:Audiences:0"] = IapSigner.DefaultAudience;
        }

        return configuration;
    }
}
