using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Google.Apis.Auth;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OriginGuard.Checks;
using OriginGuard.Iap;
using OriginGuard.Testing;

namespace OriginGuard.Benchmarks.Iap;

/// <summary>
/// One valid assertion, from the bare signature to the whole scheme. The bar: at most 1.3 times the baseline. Refusals are here too, because
/// whoever reaches the origin can ask for them.
/// </summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "BenchmarkDotNet calls the clean-up.")]
public class IapBenchmarks
{
    private const string Audience = "/projects/123456789/global/backendServices/987654321";

    private readonly OriginFindings _findings = new();
    private readonly JsonWebTokenHandler _handler = new();
    private IapAssertionIssuer _issuer = null!;
    private IapKeyEndpoint _endpoint = null!;
    private ServiceProvider _services = null!;
    private IapVerifier _verifier = null!;
    private IapCheck _check = null!;
    private DefaultHttpContext _context = null!;
    private ECDsa _key = null!;
    private byte[] _signed = null!;
    private byte[] _signature = null!;
    private TokenValidationParameters _parameters = null!;
    private SignedTokenVerificationOptions _googleOptions = null!;
    private string _token = null!;
    private string _expired = null!;
    private string _malformed = null!;
    private string _unknownKey = null!;
    private string _hostile = null!;
    private string _longName = null!;

    // Waited for here: BenchmarkDotNet does not wait for it where it runs in the process of its host.
    [GlobalSetup]
    public void SetUp() => SetUpAsync().GetAwaiter().GetResult();

    [Benchmark(Baseline = true, Description = "ECDsa.VerifyData")]
    public bool Bare() => _key.VerifyData(_signed, _signature, HashAlgorithmName.SHA256);

    [Benchmark(Description = "JsonWebTokenHandler")]
    public async Task<bool> IdentityModelAsync() => (await _handler.ValidateTokenAsync(_token, _parameters)).IsValid || Wrong();

    [Benchmark(Description = "Google.Apis.Auth")]
    public async Task<bool> GoogleAsync() =>
        (await JsonWebSignature.VerifySignedTokenAsync<JsonWebSignature.Payload>(_token, _googleOptions)).Audience is not null || Wrong();

    [Benchmark(Description = "verifier")]
    public async Task<bool> VerifierAsync() => (await _verifier.VerifyAsync(_token)).User is not null || Wrong();

    [Benchmark(Description = "guard's layer")]
    public async Task<bool> CheckAsync()
    {
        _findings.Assertion = _token;
        return (await _check.CheckAsync(_context, _findings)).IsAllowed || Wrong();
    }

    [Benchmark(Description = "scheme")]
    public async Task<bool> SchemeAsync()
    {
        await using var scope = _services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Headers[IapDefaults.AssertionHeader] = _token;
        return (await context.AuthenticateAsync()).Succeeded || Wrong();
    }

    [Benchmark(Description = "refused: expired")]
    public async Task<bool> ExpiredAsync() => (await _verifier.VerifyAsync(_expired)).Reason is RefusalReason.IapExpired || Wrong();

    [Benchmark(Description = "refused: unknown key")]
    public async Task<bool> UnknownKeyAsync() => (await _verifier.VerifyAsync(_unknownKey)).Reason is RefusalReason.IapUnknownKey || Wrong();

    [Benchmark(Description = "refused: malformed")]
    public async Task<bool> MalformedAsync() => (await _verifier.VerifyAsync(_malformed)).Reason is RefusalReason.IapMalformed || Wrong();

    [Benchmark(Description = "refused: hostile, as dear as a token can be")]
    public async Task<bool> HostileAsync() => (await _verifier.VerifyAsync(_hostile)).Reason is RefusalReason.IapUnknownKey || Wrong();

    [Benchmark(Description = "refused: hostile, a name above 400 members")]
    public async Task<bool> LongNameAsync() => (await _verifier.VerifyAsync(_longName)).Reason is RefusalReason.IapMalformed || Wrong();

    [GlobalCleanup]
    public void TearDown() => TearDownAsync().GetAwaiter().GetResult();

    private async Task SetUpAsync()
    {
        _issuer = new IapAssertionIssuer();
        _endpoint = await IapKeyEndpoint.StartAsync(_issuer);
        _token = _issuer.Issue(Audience);
        _expired = _issuer.Issue(Audience, kind: IapAssertionKind.PastExpiration);
        _unknownKey = _issuer.Sign("{}", """{"alg":"ES256","kid":"invented"}""");
        _malformed = _token.Insert(_token.Length / 2, " ");
        _hostile = HostileAssertion.Sign(_issuer);
        _longName = HostileAssertion.Sign(_issuer, nameLength: 2500, members: 400);
        SetUpBare();
        await SetUpSchemeAsync();
        _parameters = new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidIssuer = IapDefaults.Issuer,
            ValidAudience = Audience,
            IssuerSigningKeys = new JsonWebKeySet(_issuer.KeySet).GetSigningKeys(),
        };
        _googleOptions = new SignedTokenVerificationOptions { CertificatesUrl = _endpoint.Uri.ToString() };
        _googleOptions.TrustedAudiences.Add(Audience);
        _googleOptions.TrustedIssuers.Add(IapDefaults.Issuer);
    }

    private async Task TearDownAsync()
    {
        await _services.DisposeAsync();
        await _endpoint.DisposeAsync();
        _issuer.Dispose();
        _key.Dispose();
    }

    private void SetUpBare()
    {
        var jwk = JsonNode.Parse(_issuer.KeySet)!["keys"]![0]!;
        _key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(jwk["x"]!.GetValue<string>()), Y = Base64Url.DecodeFromChars(jwk["y"]!.GetValue<string>()) },
        });
        var dot = _token.LastIndexOf('.');
        _signed = Encoding.ASCII.GetBytes(_token[..dot]);
        _signature = Base64Url.DecodeFromChars(_token.AsSpan(dot + 1));
        _ = Bare() || Wrong();
    }

    private async Task SetUpSchemeAsync()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<IapVerifier>();
        services.AddAuthentication(IapDefaults.AuthenticationScheme).AddGoogleIap(Configure);
        _services = services.BuildServiceProvider();
        _verifier = _services.GetRequiredService<IapVerifier>();
        var options = new IapOptions();
        Configure(options);
        _verifier.Apply(options);
        await _services.GetRequiredService<IapKeySources>().WaitForFirstLoadAsync(CancellationToken.None);
        _check = new IapCheck(_verifier);
        _context = new DefaultHttpContext();
    }

    private void Configure(IapOptions options) => (options.Audiences, options.KeysUri) = ([Audience], _endpoint.Uri);

    private static bool Wrong() => throw new InvalidOperationException("The benchmark measures another thing than it says.");
}
