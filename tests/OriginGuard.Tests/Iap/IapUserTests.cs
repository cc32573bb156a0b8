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

    [Fact]
    public async Task Has_the_attributes_that_iap_signed_one_claim_for_each_value()
    {
        var user = await UserAsync(new IapIdentity
        {
            Attributes = new Dictionary<string, IReadOnlyList<string>>
            {
                ["groups"] = ["readers", "writers"],
                ["http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname"] = ["Lovelace"],
                ["empty"] = [],
            },
        });

        Assert.Equal(["readers", "writers"], user.FindAll(IapClaimTypes.AttributePrefix + "groups").Select(claim => claim.Value));
        Assert.Equal("Lovelace", user.FindFirst("additional_claims.http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname")?.Value);
        Assert.All(user.Claims, claim => Assert.Equal(IapDefaults.Issuer, claim.Issuer));
        Assert.False(user.HasClaim(claim => claim.Type == "groups"));
    }

    [Fact]
    public async Task Cannot_be_given_a_role_or_another_name_by_an_attribute_that_is_called_so()
    {
        var user = await UserAsync("\"email\":\"ada@example.com\"," +
            "\"additional_claims\":{\"role\":[\"admin\"],\"sub\":\"accounts.google.com:1\",\"http://schemas.microsoft.com/ws/2008/06/identity/claims/role\":[\"admin\"]}");

        Assert.Equal("accounts.google.com:118", Assert.Single(user.FindAll(IapClaimTypes.Subject)).Value);
        Assert.Equal("ada@example.com", user.Name);
        Assert.False(new ClaimsPrincipal(user).IsInRole("admin"));
        Assert.Equal("admin", user.FindFirst("additional_claims.role")?.Value);
        Assert.Equal("accounts.google.com:1", user.FindFirst("additional_claims.sub")?.Value);
    }

    [Fact]
    public async Task Has_the_claims_of_a_workforce_identity_and_of_the_device()
    {
        const string Principal = "principal://iam.googleapis.com/locations/global/workforcePools/staff/subject/ada";
        var user = await UserAsync(
            "\"google\":{\"access_levels\":[],\"device_id\":\"laptop-7\"},\"identity_source\":\"WORKFORCE_IDENTITY_FEDERATION\","
            + "\"workforce_identity\":{\"iam_principal\":\"" + Principal + "\",\"workforce_pool_name\":\"locations/global/workforcePools/staff\",\"iam_principal.x\":\"forged\"}");

        Assert.Equal("laptop-7", user.FindFirst(IapClaimTypes.DeviceId)?.Value);
        Assert.Equal("WORKFORCE_IDENTITY_FEDERATION", user.FindFirst(IapClaimTypes.IdentitySource)?.Value);
        Assert.Equal(Principal, user.FindFirst(IapClaimTypes.WorkforcePrincipal)?.Value);
        Assert.Equal("locations/global/workforcePools/staff", user.FindFirst(IapClaimTypes.WorkforcePool)?.Value);
        Assert.DoesNotContain(user.Claims, claim => claim.Value == "forged");
    }

    [Theory]
    [InlineData("\"additional_claims\":[\"admin\"]")]
    [InlineData("\"additional_claims\":null")]
    [InlineData("\"additional_claims\":{\"role\":{\"deep\":\"admin\"}}")]
    [InlineData("\"additional_claims\":{\"role\":[[\"admin\"],{\"deep\":\"admin\"},null]}")]
    [InlineData("\"workforce_identity\":\"admin\"")]
    [InlineData("\"workforce_identity\":[\"admin\"]")]
    [InlineData("\"google\":{\"device_id\":[\"admin\"]}")]
    [InlineData("\"identity_source\":{\"a\":\"admin\"}")]
    public async Task Is_not_refused_for_an_attribute_of_a_form_that_iap_has_not_had_so_far_and_has_no_claim_of_it(string more)
    {
        var user = await UserAsync(more);

        Assert.True(user.IsAuthenticated);
        Assert.DoesNotContain(user.Claims, claim => claim.Value.Contains("admin", StringComparison.Ordinal));
    }

    private static async Task<ClaimsIdentity> UserAsync(string more)
    {
        await using var world = await IapWorld.WithKeysAsync();
        return (await world.Verifier.VerifyAsync(world.Issuer.Sign(world.Claims(more: more)))).User ?? throw new InvalidOperationException("refused");
    }

    private static async Task<ClaimsIdentity> UserAsync(IapIdentity identity)
    {
        await using var world = await IapWorld.WithKeysAsync(options => options.AllowAnonymous = true);
        var result = await world.Verifier.VerifyAsync(world.Issuer.Issue(IapWorld.Audience, identity));
        Assert.NotNull(result.User);
        return result.User;
    }
}
