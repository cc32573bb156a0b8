using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OriginGuard.Checks;
using Xunit;

namespace OriginGuard.Tests.Checks;

public sealed class HeaderWalkTests
{
    private const string Secret = "X-Origin-Guard";
    private const string Assertion = "X-Goog-IAP-JWT-Assertion";

    private readonly HeaderWalk _walk = new(Secret, Assertion);

    [Theory]
    [InlineData("X-Origin-Guard", "X-Forwarded-For", "X-Forwarded-Proto", "Connection", "X-Goog-IAP-JWT-Assertion")]
    [InlineData("x-origin-guard", "x-forwarded-for", "x-forwarded-proto", "connection", "x-goog-iap-jwt-assertion")]
    [InlineData("X-ORIGIN-GUARD", "X-FORWARDED-FOR", "X-FORWARDED-PROTO", "CONNECTION", "X-GOOG-IAP-JWT-ASSERTION")]
    public void Finds_what_the_guard_goes_by_in_whatever_case(string secret, string forwardedFor, string forwardedProto, string connection, string assertion)
    {
        var found = Take((secret, "1"), (forwardedFor, "2"), (forwardedProto, "3"), (connection, "4"), (assertion, "5"), ("Host", "6"));

        Assert.Equal(["1", "2", "3", "4", "5"], new[] { found.Secret, found.ForwardedFor, found.ForwardedProto, found.Connection, found.Assertion }.Select(static line => line.ToString()));
        Assert.Equal((0, false), (found.LookAlikes, found.HasGoogleHeader));
    }

    [Theory]
    [InlineData("X-Origin_Guard", Secret)]
    [InlineData("x.origin.guard", Secret)]
    [InlineData("X_FORWARDED_FOR", HeaderWalk.ForwardedFor)]
    [InlineData("X-Forwarded.For", HeaderWalk.ForwardedFor)]
    [InlineData("X-Goog-IAP-JWT_Assertion", Assertion)]
    [InlineData("x_goog_iap_jwt_assertion", Assertion)]
    public void Finds_a_name_that_only_looks_like_a_guarded_one(string name, string guarded)
    {
        var found = Take((name, "1"));

        Assert.Equal(_walk.BitOf(guarded), found.LookAlikes);
        Assert.Equal((0, 0, 0), (found.Secret.Count, found.ForwardedFor.Count, found.Assertion.Count));
    }

    [Fact]
    public void Tells_the_guarded_names_apart()
    {
        int[] bits = [_walk.BitOf(Secret), _walk.BitOf(HeaderWalk.ForwardedFor), _walk.BitOf(Assertion)];

        Assert.Equal(3, bits.Distinct().Count());
        Assert.All(bits, static bit => Assert.True(int.IsPow2(bit)));
        Assert.Equal(bits.Sum(), Take(("X_Origin-Guard", "1"), ("X_Forwarded-For", "2"), ("X_Goog-IAP-JWT-Assertion", "3")).LookAlikes);
    }

    [Theory]
    [InlineData("X-Origin-Guards")]
    [InlineData("X-Origin-Guart")]
    [InlineData("X-Forwarded-Fur")]
    [InlineData("XXOriginXGuard")]
    [InlineData("User-Agent")] // as long as Connection
    [InlineData("X-Forwarded_Proto")] // nothing is decided by it
    public void Passes_over_every_other_name(string name) => Assert.Equal((0, false, 0), (Take((name, "1")).LookAlikes, Take((name, "1")).HasGoogleHeader, Take((name, "1")).Secret.Count));

    [Theory]
    [InlineData("X-Goog-Authenticated-User-Email", true)]
    [InlineData("x_goog_anything", true)]
    [InlineData("X.GOOG.a", true)]
    [InlineData("X-Goog-IAP-JWT_Assertion", true)]
    [InlineData("X-Goog-IAP-JWT-Assertion", false)] // its layer's own
    [InlineData("x-goog-iap-jwt-assertion", false)]
    [InlineData("X-Goog-", false)]
    [InlineData("X-Good-Authenticated", false)]
    [InlineData("Y-Goog-Authenticated", false)]
    [InlineData("X-Aoog-Authenticated", false)]
    [InlineData("XXgoog-Authenticated", false)]
    public void Notices_what_Google_keeps_for_itself(string name, bool isGoogles) => Assert.Equal(isGoogles, Take((name, "1")).HasGoogleHeader);

    [Theory]
    [InlineData(true, "Host", "X-Forwarded-For")]
    [InlineData(false, "Host", "X-Forwarded-For", "X-Origin-Guard", "x_origin_guard", "X.Origin-Guard")]
    public void Takes_the_secret_off_in_every_spelling_where_it_is_to(bool takes, params string[] left)
    {
        var headers = new HeaderDictionary { ["Host"] = "1", ["X-Forwarded-For"] = "2", ["X-Origin-Guard"] = "3", ["x_origin_guard"] = "4", ["X.Origin-Guard"] = "5" };

        new HeaderWalk(Secret, Assertion) { TakesSecret = takes }.Take(headers, new OriginFindings());

        Assert.Equal(left, headers.Keys);
    }

    [Fact]
    public void Takes_a_look_alike_off_where_the_secret_itself_did_not_come()
    {
        var headers = new HeaderDictionary { ["Host"] = "1", ["x_origin_guard"] = "4", ["X_Forwarded_For"] = "5" };

        new HeaderWalk(Secret, Assertion) { TakesSecret = true }.Take(headers, new OriginFindings());

        Assert.Equal(["Host", "X_Forwarded_For"], headers.Keys);
    }

    [Theory]
    [InlineData("X-Origin-Guard")]
    [InlineData("x-origin-guard")]
    public void Takes_the_secret_off_where_nothing_looks_like_it(string name)
    {
        var headers = new HeaderDictionary { ["Host"] = "1", [name] = "3" };

        new HeaderWalk(Secret, Assertion) { TakesSecret = true }.Take(headers, new OriginFindings());

        Assert.Equal(["Host"], headers.Keys);
    }

    [Fact]
    public void A_name_may_be_as_long_as_another()
    {
        var walk = new HeaderWalk("X-Guard-My-Host", Assertion); // as long as X-Forwarded-For
        var found = new OriginFindings();

        walk.Take(new HeaderDictionary { ["X-Guard-My-Host"] = "1", ["X-Forwarded-For"] = "2" }, found);

        Assert.Equal(("1", "2"), (found.Secret.ToString(), found.ForwardedFor.ToString()));
    }

    [Fact]
    public void Two_names_that_Google_keeps_for_itself_are_no_less_than_one() => Assert.True(Take(("X-Goog-A", "1"), ("X-Goog-B", "2")).HasGoogleHeader);

    [Fact]
    public void Keeps_nothing_of_what_it_has_seen()
    {
        Take(("X-Origin-Guard", "a secret"), ("Host", "1"));

        var lines = Assert.IsType<KeyValuePair<string, StringValues>[]>(typeof(HeaderWalk).GetField("_lines", BindingFlags.NonPublic | BindingFlags.Static)?.GetValue(null));
        Assert.All(lines, static line => Assert.Equal(default, line));
    }

    [Fact]
    public void Sees_as_many_headers_as_come_and_none_of_the_request_before()
    {
        var many = Enumerable.Range(0, 100).Select(static i => ($"X-Other-{i}", "1")).Append(("X-Origin-Guard", "2")).ToArray();

        Assert.Equal("2", Take(many).Secret);
        Assert.Equal(0, Take(("Host", "1")).Secret.Count);
        Assert.Equal(0, Take().Secret.Count);
        Assert.Equal("2", Take(many[^33..]).Secret);
    }

    private OriginFindings Take(params (string Name, string Value)[] lines)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in lines)
        {
            headers[name] = value;
        }

        var found = new OriginFindings();
        _walk.Take(headers, found);
        return found;
    }
}
