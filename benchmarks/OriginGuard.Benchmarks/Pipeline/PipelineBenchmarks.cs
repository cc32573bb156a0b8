using System.Diagnostics.CodeAnalysis;
using System.Net;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Benchmarks.Iap;
using OriginGuard.Benchmarks.Results;
using OriginGuard.Benchmarks.SharedSecret;
using OriginGuard.Testing;

namespace OriginGuard.Benchmarks.Pipeline;

/// <summary>
/// One request through the middleware, in process: no server, no socket. The baseline does all the same but ask the guard, so a row less the baseline
/// is what the guard costs.
/// </summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "BenchmarkDotNet calls the clean-up.")]
public class PipelineBenchmarks
{
    private const string Audience = "/projects/123456789/global/backendServices/987654321";

    private static readonly IPAddress LoadBalancer = IPAddress.Parse("34.96.1.1").MapToIPv6();
    private static readonly IPAddress Stranger = IPAddress.Parse("203.0.113.66").MapToIPv6();
    private static readonly (string, string) Secret = ("X-Origin-Guard", SecretRingBenchmarks.Secret(0));
    private static readonly (string, string) ForwardedFor = ("X-Forwarded-For", "203.0.113.9,34.98.76.54");

    private IapAssertionIssuer _issuer = null!;
    private IapKeyEndpoint _endpoint = null!;
    private MeasuredGuard _disabled = null!;
    private MeasuredGuard _address = null!;
    private MeasuredGuard _secret = null!;
    private MeasuredGuard _iap = null!;
    private MeasuredGuard _refused = null!;
    private MeasuredGuard _refusedSealed = null!;
    private MeasuredGuard _refusedBeforeIap = null!;
    private MeasuredGuard _refusedHostile = null!;
    private MeasuredGuard _exempted = null!;
    private MeasuredGuard _hostFiltering = null!;
    private MeasuredGuard _forwardedHeaders = null!;
    private DefaultHttpContext _context = null!;
    private RequestDelegate _application = null!;

    // Waited for here: BenchmarkDotNet does not wait for it where it runs in the process of its host.
    [GlobalSetup]
    public void SetUp() => SetUpAsync().GetAwaiter().GetResult();

    [Benchmark(Baseline = true, Description = "no guard")]
    public Task NoGuard()
    {
        _context.Features.Set<IOriginGuardFeature>(null);
        _context.Request.Headers[Secret.Item1] = Secret.Item2;
        _context.Request.Headers[ForwardedFor.Item1] = ForwardedFor.Item2;
        return _application(_context);
    }

    [Benchmark(Description = "disabled")]
    public Task Disabled() => _disabled.InvokeAsync();

    [Benchmark(Description = "admitted: address")]
    public Task Address() => _address.InvokeAsync();

    [Benchmark(Description = "admitted: address, secret")]
    public Task AddressAndSecret() => _secret.InvokeAsync();

    [Benchmark(Description = "admitted: address, secret, IAP")]
    public Task AddressSecretAndIap() => _iap.InvokeAsync();

    [Benchmark(Description = "refused: address")]
    public Task Refused() => _refused.InvokeAsync();

    [Benchmark(Description = "refused: address, sealed into a reference")]
    public Task RefusedSealed() => _refusedSealed.InvokeAsync();

    [Benchmark(Description = "refused: address, IAP behind it")]
    public Task RefusedBeforeIap() => _refusedBeforeIap.InvokeAsync();

    [Benchmark(Description = "refused: address, IAP behind it, hostile assertion")]
    public Task RefusedHostile() => _refusedHostile.InvokeAsync();

    [Benchmark(Description = "exempted")]
    public Task Exempted() => _exempted.InvokeAsync();

    [Benchmark(Description = "UseHostFiltering, one host")]
    public Task HostFiltering() => _hostFiltering.InvokeAsync();

    [Benchmark(Description = Suites.ForwardedHeaders)]
    public Task ForwardedHeaders() => _forwardedHeaders.InvokeAsync();

    [GlobalCleanup]
    public void TearDown() => TearDownAsync().GetAwaiter().GetResult();

    private async Task SetUpAsync()
    {
        _issuer = new IapAssertionIssuer();
        _endpoint = await IapKeyEndpoint.StartAsync(_issuer);
        _context = new DefaultHttpContext();
        _application = static _ => Task.CompletedTask;
        _disabled = await StartAsync(OriginOutcome.Exempted, LoadBalancer, options => options.Mode = LayerMode.Disabled);
        _address = await StartAsync(OriginOutcome.Admitted, LoadBalancer, WithAddress);
        _secret = await StartAsync(OriginOutcome.Admitted, LoadBalancer, (Action<OriginGuardOptions>)WithAddress + WithSecret);
        _iap = await StartAsync(OriginOutcome.Admitted, LoadBalancer, (Action<OriginGuardOptions>)WithAddress + WithSecret + WithIap, "/", ("X-Goog-IAP-JWT-Assertion", _issuer.Issue(Audience)));
        _refused = await StartAsync(OriginOutcome.Refused, Stranger, (Action<OriginGuardOptions>)WithAddress + WithSecret);
        _refusedSealed = await StartAsync(OriginOutcome.Refused, Stranger, (Action<OriginGuardOptions>)WithAddress + WithSecret + WithReference);
        _refusedBeforeIap = await StartAsync(OriginOutcome.Refused, Stranger, (Action<OriginGuardOptions>)WithAddress + WithIap);
        _refusedHostile = await StartAsync(
            OriginOutcome.Refused, Stranger, (Action<OriginGuardOptions>)WithAddress + WithIap, "/", ("X-Goog-IAP-JWT-Assertion", HostileAssertion.Sign(_issuer)));
        _hostFiltering = Start(static app => app.UseHostFiltering());
        _forwardedHeaders = Start(static app => app.UseForwardedHeaders());
        _exempted = await StartAsync(OriginOutcome.Exempted, Stranger, (Action<OriginGuardOptions>)WithAddress + WithSecret, "/healthz");
    }

    private async Task TearDownAsync()
    {
        foreach (var guard in new[] { _disabled, _address, _secret, _iap, _refused, _refusedSealed, _refusedBeforeIap, _refusedHostile, _exempted, _hostFiltering, _forwardedHeaders })
        {
            guard.Dispose();
        }

        await _endpoint.DisposeAsync();
        _issuer.Dispose();
    }

    private static async Task<MeasuredGuard> StartAsync(
        OriginOutcome outcome, IPAddress peer, Action<OriginGuardOptions> configure, string path = "/", params (string, string)[] headers) =>
        await (await MeasuredGuard.StartAsync(configure, peer, path, [Secret, ForwardedFor, .. headers])).ExpectAsync(outcome);

    private static MeasuredGuard Start(Action<IApplicationBuilder> pipeline) => MeasuredGuard.Start(
        services => services
            .Configure<HostFilteringOptions>(static options => options.AllowedHosts = [MeasuredGuard.Host])
            .Configure<ForwardedHeadersOptions>(static options =>
            {
                options.ForwardedHeaders = Microsoft.AspNetCore.HttpOverrides.ForwardedHeaders.XForwardedFor;
                options.KnownIPNetworks.Clear();
                options.KnownIPNetworks.Add(IPNetwork.Parse("34.96.0.0/20"));
                options.KnownIPNetworks.Add(IPNetwork.Parse("34.127.192.0/18"));
                options.KnownProxies.Clear();
            }),
        pipeline,
        LoadBalancer,
        Secret,
        ForwardedFor);

    private static void WithAddress(OriginGuardOptions options)
    {
        options.SourceAddress.RecordNames = [];
        options.SourceAddress.Networks = [IPNetwork.Parse("34.96.0.0/20"), IPNetwork.Parse("34.127.192.0/18")];
        options.Exemptions = [new ExemptionOptions { Path = "/healthz" }];
    }

    private static void WithSecret(OriginGuardOptions options) => options.SharedSecret.Secrets = [Secret.Item2];

    private static void WithReference(OriginGuardOptions options) => options.Rejection.ReferenceKey = SecretRingBenchmarks.Secret(1);

    private void WithIap(OriginGuardOptions options) => (options.Iap.Audiences, options.Iap.KeysUri) = ([Audience], _endpoint.Uri);
}
