using System.Buffers;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OriginGuard.Iap;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Iap;

public sealed class IapIdentityHeadersTests
{
    [Theory]
    [InlineData("X-Goog-Authenticated-User-Email")]
    [InlineData("x-goog-authenticated-user-id")]
    [InlineData("X_Goog_Authenticated_User_Email")]
    [InlineData("X.GOOG.AUTHENTICATED.USER.ID")]
    [InlineData("x-goog_authenticated.user-email")]
    [InlineData("X-Goog-Authenticated-User-Name")]
    [InlineData("X-Goog-IAP-Attr-Role")]
    [InlineData("x_goog_iap_attr_role")]
    [InlineData("x.goog-iap_attr.")]
    public void Are_taken_off_in_every_spelling(string name)
    {
        Assert.True(IapIdentityHeaders.IsUnsigned(name));
        var headers = new HeaderDictionary { [name] = new(["one", "two"]), ["Accept"] = "*/*" };

        IapIdentityHeaders.Write(headers, user: null);

        Assert.Equal("Accept", Assert.Single(headers).Key);
    }

    [Theory]
    [InlineData("x-goog-iap-jwt-assertion")]
    [InlineData("X-Goog-Authenticated-User")]
    [InlineData("X-Goog-Authenticated~User-Email")]
    [InlineData("XX-Goog-Authenticated-User-Email")]
    [InlineData("X-Goog-Iap-Attr")]
    [InlineData("X-Goog-Api-Key")]
    [InlineData("X-Cloud-Trace-Context")]
    [InlineData("")]
    public void Are_no_others(string name)
    {
        var headers = new HeaderDictionary { [name] = "value" };

        IapIdentityHeaders.Write(headers, user: null);

        Assert.Equal("value", headers[name]);
    }

    [Theory]
    [InlineData("accounts.google.com:118", "ada@example.com", "accounts.google.com:118", "accounts.google.com:ada@example.com")]
    [InlineData("sts.google.com:AbC", "ada@example.com", "sts.google.com:AbC", "sts.google.com:ada@example.com")]
    [InlineData("securetoken.google.com/shop/tenant-1:uid", "ada@example.com", "securetoken.google.com/shop/tenant-1:uid", "securetoken.google.com/shop/tenant-1:ada@example.com")]
    [InlineData("sts.google.com:uid", "accounts.google.com:eve@example.com", "sts.google.com:uid", "sts.google.com:accounts.google.com:eve@example.com")]
    [InlineData("securetoken.google.com/shop:uid", "securetoken.google.com/shop:ada@example.com", "securetoken.google.com/shop:uid", "securetoken.google.com/shop:ada@example.com")]
    [InlineData("118", "ada@example.com", "118", "accounts.google.com:ada@example.com")]
    [InlineData("accounts.google.com:118", null, "accounts.google.com:118", null)]
    [InlineData("accounts.google.com:118", "ad\u00e4@example.com", "accounts.google.com:118", null)]
    [InlineData("accounts.google.com:118", "a b@example.com", "accounts.google.com:118", null)]
    [InlineData("accounts.google.com:118", "a@example.com\r\nX-Role: admin", "accounts.google.com:118", null)]
    [InlineData("accounts.google.com:1\u0661", "ada@example.com", null, "accounts.google.com:ada@example.com")]
    [InlineData(null, "ada@example.com", null, null)]
    public void Are_written_anew_from_the_verified_user(string? subject, string? email, string? id, string? written)
    {
        var headers = new HeaderDictionary
        {
            ["X-Goog-Authenticated-User-Email"] = "accounts.google.com:eve@example.com",
            ["x_goog_authenticated_user_id"] = "accounts.google.com:666",
            ["X-Goog-Iap-Attr-Role"] = "admin",
        };

        IapIdentityHeaders.Write(headers, User(subject, email));

        Assert.Equal(id, headers[IapIdentityHeaders.Id]);
        Assert.Equal(written, headers[IapIdentityHeaders.Email]);
        Assert.Equal((id is null ? 0 : 1) + (written is null ? 0 : 1), headers.Count);
    }

    [Fact]
    public void Name_nobody_who_has_not_signed_in()
    {
        var headers = new HeaderDictionary { [IapIdentityHeaders.Email] = "accounts.google.com:eve@example.com" };
        var nobody = new ClaimsIdentity([Signed(IapClaimTypes.Subject, "accounts.google.com:118"), Signed(IapClaimTypes.Email, "ada@example.com")]);

        IapIdentityHeaders.Write(headers, nobody);

        Assert.Empty(headers);
    }

    [Fact]
    public void Believe_no_claim_that_another_issuer_made()
    {
        var headers = new HeaderDictionary();
        var user = User("accounts.google.com:118", "ada@example.com");
        var mixed = new ClaimsIdentity([new Claim(IapClaimTypes.Email, "eve@example.com"), .. user.Claims], "GoogleIap");

        IapIdentityHeaders.Write(headers, mixed);

        Assert.Equal("accounts.google.com:ada@example.com", headers[IapIdentityHeaders.Email]);
    }

    /// <summary>The memory in which they are looked for belongs to everybody in the process.</summary>
    [Fact]
    public void Leave_nothing_of_a_request_in_the_memory_that_was_borrowed_for_them()
    {
        var headers = new HeaderDictionary { ["Authorization"] = "Bearer of-somebody", [IapIdentityHeaders.Email] = "accounts.google.com:eve@example.com" };

        IapIdentityHeaders.Remove(headers);

        var borrowed = ArrayPool<KeyValuePair<string, StringValues>>.Shared.Rent(headers.Count + 1);
        Assert.All(borrowed, static entry => Assert.Null(entry.Key));
    }

    [Fact]
    public void Cost_a_request_that_has_none_of_them_no_allocation()
    {
        var headers = new HeaderDictionary
        {
            ["Host"] = "shop.example.com",
            ["Accept"] = "*/*",
            ["X-Goog-Iap-Jwt-Assertion"] = "a.b.c",
            ["X-Forwarded-For"] = "203.0.113.9,198.51.100.1",
        };
        IapIdentityHeaders.Write(headers, user: null);

        Assert.Equal(0, Allocation.LeastOf(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                IapIdentityHeaders.Write(headers, user: null);
            }
        }));
        Assert.Equal(4, headers.Count);
    }

    private static ClaimsIdentity User(string? subject, string? email)
    {
        var user = new ClaimsIdentity("GoogleIap");
        if (subject is not null)
        {
            user.AddClaim(Signed(IapClaimTypes.Subject, subject));
        }

        if (email is not null)
        {
            user.AddClaim(Signed(IapClaimTypes.Email, email));
        }

        return user;
    }

    private static Claim Signed(string type, string value) => new(type, value, ClaimValueTypes.String, IapDefaults.Issuer);
}
