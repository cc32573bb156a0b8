using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Testing;

/// <summary>IdentityModel is the second opinion: what the issuer makes must be a JWT to others too.</summary>
public sealed class IapAssertionIssuerTests
{
    private const string Audience = "/projects/1/apps/a";

    [Fact]
    public async Task Signs_what_an_independent_reader_accepts()
    {
        using var issuer = new IapAssertionIssuer();

        var result = await ValidateAsync(issuer, issuer.Issue(Audience));

        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal(issuer.KeyId, ((JsonWebToken)result.SecurityToken).Kid);
    }

    [Theory]
    [InlineData(IapAssertionKind.FutureIssue, typeof(SecurityTokenException))]
    [InlineData(IapAssertionKind.PastExpiration, typeof(SecurityTokenExpiredException))]
    [InlineData(IapAssertionKind.Issuer, typeof(SecurityTokenInvalidIssuerException))]
    [InlineData(IapAssertionKind.Audience, typeof(SecurityTokenInvalidAudienceException))]
    [InlineData(IapAssertionKind.Signature, typeof(SecurityTokenInvalidSignatureException))]
    public async Task Makes_each_bad_kind_wrong_in_one_way_only(IapAssertionKind kind, Type expected)
    {
        using var issuer = new IapAssertionIssuer();
        var token = issuer.Issue(Audience, kind: kind);

        var result = await ValidateAsync(issuer, token);

        if (kind is IapAssertionKind.FutureIssue)
        {
            // IdentityModel does not look at iat; everything else about the token is right.
            Assert.True(result.IsValid);
            Assert.True(((JsonWebToken)result.SecurityToken).IssuedAt > TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(30));
        }
        else
        {
            Assert.IsType(expected, result.Exception);
        }
    }

    [Fact]
    public void Names_whom_it_is_told_to_and_leaves_out_what_is_null()
    {
        var time = new ManualTimeProvider();
        using var issuer = new IapAssertionIssuer(time);

        Assert.Equal(
            """{"iss":"https://cloud.google.com/iap","aud":"/projects/1/apps/a","iat":1767225600,"exp":1767226200,"sub":"s","email":"e","hd":"h","google":{"access_levels":["l"]},"gcip":{"a":1}}""",
            Payload(issuer.Issue(Audience, new IapIdentity { Subject = "s", Email = "e", HostedDomain = "h", AccessLevels = ["l"], Gcip = """{ "a": 1 }""" })));
        Assert.Equal(
            """{"iss":"https://cloud.google.com/iap","aud":"/projects/1/apps/a","iat":1767225600,"exp":1767226200}""",
            Payload(issuer.Issue(Audience, IapIdentity.Anonymous)));
    }

    [Fact]
    public void Names_a_device_and_a_workforce_identity()
    {
        using var issuer = new IapAssertionIssuer(new ManualTimeProvider());
        var identity = new IapIdentity { Email = null, DeviceId = "d", IdentitySource = "i", WorkforcePrincipal = "p", WorkforcePool = "w" };

        Assert.Equal(
            """{"iss":"https://cloud.google.com/iap","aud":"/projects/1/apps/a","iat":1767225600,"exp":1767226200,"sub":"sts.google.com:118133858486581853996","google":{"device_id":"d"},"identity_source":"i","workforce_identity":{"iam_principal":"p","workforce_pool_name":"w"}}""",
            Payload(issuer.Issue(Audience, identity)));
    }

    [Theory]
    [InlineData("""{"firebase":{"tenant":"shop-1"}}""", "securetoken.google.com/example-project/shop-1:")]
    [InlineData("""{"firebase":{"tenant":1}}""", "securetoken.google.com/example-project/example-tenant:")]
    [InlineData("""{"firebase":[]}""", "securetoken.google.com/example-project/example-tenant:")]
    [InlineData("{}", "securetoken.google.com/example-project/example-tenant:")]
    public void An_external_identity_has_the_prefix_of_its_tenant_unless_a_test_says_otherwise(string gcip, string prefix)
    {
        var identity = new IapIdentity { Gcip = gcip };

        Assert.Equal(($"{prefix}118133858486581853996", $"{prefix}ada@example.com"), (identity.Subject, identity.Email));
        Assert.Equal(("s", "e"), (new IapIdentity { Gcip = gcip, Subject = "s" }.Subject, new IapIdentity { Gcip = gcip, Email = "e" }.Email));
    }

    [Fact]
    public void Rotates_with_and_without_the_former_keys()
    {
        using var issuer = new IapAssertionIssuer();
        var first = issuer.KeyId;
        issuer.Rotate(keepFormerKeys: true);
        var second = issuer.KeyId;
        Assert.Equal([first, second], Ids(issuer));
        issuer.Rotate();
        Assert.Equal([issuer.KeyId], Ids(issuer));
        Assert.Equal(3, new HashSet<string>([first, second, issuer.KeyId]).Count);
    }

    [Fact]
    public async Task Serves_its_keys_and_misbehaves_when_told_to()
    {
        using var issuer = new IapAssertionIssuer();
        await using var endpoint = await IapKeyEndpoint.StartAsync(issuer, TestContext.Current.CancellationToken);
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler);

        var good = await client.GetAsync(endpoint.Uri, TestContext.Current.CancellationToken);
        Assert.Equal(issuer.KeySet, await good.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(TimeSpan.FromHours(1), good.Headers.CacheControl?.MaxAge);

        endpoint.MaxAge = null;
        Assert.Null((await client.GetAsync(endpoint.Uri, TestContext.Current.CancellationToken)).Headers.CacheControl);

        (IapKeyEndpointBehavior Behavior, int Status, Func<string, bool> Body)[] expected =
        [
            (IapKeyEndpointBehavior.EmptySet, 200, body => body == """{"keys":[]}"""),
            (IapKeyEndpointBehavior.Garbage, 200, body => body.StartsWith('<')),
            (IapKeyEndpointBehavior.ServerError, 500, body => body.Length == 0),
            (IapKeyEndpointBehavior.Redirect, 302, body => body.Length == 0),
            (IapKeyEndpointBehavior.Oversize, 200, body => body.Length > 1_000_000),
        ];
        foreach (var (behavior, status, body) in expected)
        {
            endpoint.Behavior = behavior;
            var answer = await client.GetAsync(endpoint.Uri, TestContext.Current.CancellationToken);
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.True(body(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), behavior.ToString());
        }

        endpoint.Behavior = IapKeyEndpointBehavior.Disconnect;
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(endpoint.Uri, TestContext.Current.CancellationToken));

        endpoint.Behavior = IapKeyEndpointBehavior.Hang;
        var hanging = client.GetStringAsync(endpoint.Uri, TestContext.Current.CancellationToken);
        Assert.False(hanging.IsCompleted);
        endpoint.Behavior = IapKeyEndpointBehavior.Serve;
        Assert.Equal(issuer.KeySet, await hanging);
        Assert.True(endpoint.FetchCount >= 9);
    }

    [Fact]
    public async Task The_endpoint_tells_when_the_keys_have_been_asked_for()
    {
        using var issuer = new IapAssertionIssuer();
        await using var endpoint = await IapKeyEndpoint.StartAsync(issuer, TestContext.Current.CancellationToken);
        using var client = new HttpClient();
        var twice = endpoint.WaitForFetchesAsync(2, TestContext.Current.CancellationToken);

        await client.GetStringAsync(endpoint.Uri, TestContext.Current.CancellationToken);
        Assert.False(twice.IsCompleted);
        await client.GetStringAsync(endpoint.Uri, TestContext.Current.CancellationToken);

        await twice;
        await endpoint.WaitForFetchesAsync(2, TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endpoint.WaitForFetchesAsync(3, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void Says_that_it_is_disposed()
    {
        var issuer = new IapAssertionIssuer();
        issuer.Dispose();
        issuer.Dispose();

        Action[] uses = [() => _ = issuer.KeyId, () => _ = issuer.KeySet, () => issuer.Rotate(), () => issuer.Issue(Audience), () => issuer.Sign("{}")];
        Assert.All(uses, use => Assert.Throws<ObjectDisposedException>(use));
    }

    private static Task<TokenValidationResult> ValidateAsync(IapAssertionIssuer issuer, string token) => new JsonWebTokenHandler().ValidateTokenAsync(
        token,
        new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidIssuer = IapDefaults.Issuer,
            ValidAudience = Audience,
            IssuerSigningKeys = new JsonWebKeySet(issuer.KeySet).GetSigningKeys(),
        });

    private static string Payload(string token) => Base64UrlEncoder.Decode(token.Split('.')[1]);

    private static IEnumerable<string> Ids(IapAssertionIssuer issuer) =>
        JsonNode.Parse(issuer.KeySet)!["keys"]!.AsArray().Select(key => key!["kid"]!.GetValue<string>());
}
