using System.Security.Claims;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Iap;

public sealed class IapUserTests
{
    [Fact]
    public async Task Is_found_under_the_claim_types_of_iap_and_of_dotnet()
    {
        var user = await UserAsync(new IapIdentity
        {
            Subject = "accounts.google.com:42",
            Email = "ada@example.com",
            HostedDomain = "example.com",
            AccessLevels = ["accessPolicies/1/accessLevels/office", "accessPolicies/1/accessLevels/vpn"],
        });

        Assert.True(user.IsAuthenticated);
        Assert.Equal(IapDefaults.AuthenticationScheme, user.AuthenticationType);
        Assert.Equal("ada@example.com", user.Name);
        Assert.Equal("accounts.google.com:42", user.FindFirst(ClaimTypes.NameIdentifier)?.Value);
        Assert.Equal("accounts.google.com:42", user.FindFirst(IapClaimTypes.Subject)?.Value);
        Assert.Equal("ada@example.com", user.FindFirst(ClaimTypes.Email)?.Value);
        Assert.Equal("ada@example.com", user.FindFirst(IapClaimTypes.Email)?.Value);
        Assert.Equal("example.com", user.FindFirst(IapClaimTypes.HostedDomain)?.Value);
        Assert.Equal(
            ["accessPolicies/1/accessLevels/office", "accessPolicies/1/accessLevels/vpn"],
            user.FindAll(IapClaimTypes.AccessLevel).Select(claim => claim.Value));
        Assert.All(user.Claims, claim => Assert.Equal(IapDefaults.Issuer, claim.Issuer));
    }

    [Fact]
    public async Task Is_named_by_its_subject_where_there_is_no_email()
    {
        var user = await UserAsync(new IapIdentity { Subject = "accounts.google.com:42", Email = null });

        Assert.Equal("accounts.google.com:42", user.Name);
        Assert.Null(user.FindFirst(IapClaimTypes.Email));
        Assert.Null(user.FindFirst(IapClaimTypes.HostedDomain));
        Assert.Null(user.FindFirst(IapClaimTypes.Gcip));
    }

    [Fact]
    public async Task Is_nobody_when_iap_let_an_anonymous_user_through()
    {
        var user = await UserAsync(IapIdentity.Anonymous);

        Assert.False(user.IsAuthenticated);
        Assert.Empty(user.Claims);
    }

    [Fact]
    public async Task Has_the_claims_of_an_external_identity_by_their_paths()
    {
        const string Gcip =
            """{"email_verified":true,"auth_time":1767225600,"name":"Ada","roles":["reader","writer"],"nothing":null,"""
            + "\"firebase\":" + """{"tenant":"shop-1","identities":{"google.com":["7"]}}}""";
        var user = await UserAsync(new IapIdentity { Gcip = Gcip });

        Assert.Equal(Gcip, user.FindFirst(IapClaimTypes.Gcip)?.Value);
        Assert.Equal("true", user.FindFirst("gcip.email_verified")?.Value);
        Assert.Equal("1767225600", user.FindFirst("gcip.auth_time")?.Value);
        Assert.Equal("Ada", user.FindFirst("gcip.name")?.Value);
        Assert.Equal(["reader", "writer"], user.FindAll("gcip.roles").Select(claim => claim.Value));
        Assert.Equal("shop-1", user.FindFirst(IapClaimTypes.GcipTenant)?.Value);
        Assert.Null(user.FindFirst("gcip.nothing"));
        Assert.DoesNotContain(user.Claims, claim => claim.Type.Contains("google.com", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Cannot_have_its_tenant_imitated_by_a_member_with_a_dot()
    {
        var user = await UserAsync(new IapIdentity { Gcip = """{"firebase.tenant":"forged","firebase":{"tenant":"real"}}""" });

        Assert.Equal("real", Assert.Single(user.FindAll(IapClaimTypes.GcipTenant)).Value);
    }

    private static async Task<ClaimsIdentity> UserAsync(IapIdentity identity)
    {
        await using var world = await IapWorld.WithKeysAsync(options => options.AllowAnonymous = true);
        var result = await world.Verifier.VerifyAsync(world.Issuer.Issue(IapWorld.Audience, identity));
        Assert.NotNull(result.User);
        return result.User;
    }
}
