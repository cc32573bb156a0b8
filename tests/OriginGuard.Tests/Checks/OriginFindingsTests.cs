using System.Net;
using System.Reflection;
using System.Security.Claims;
using OriginGuard.Checks;
using OriginGuard.Guard;
using OriginGuard.SharedSecret;
using Xunit;

namespace OriginGuard.Tests.Checks;

public sealed class OriginFindingsTests
{
    [Fact]
    public void Nothing_of_a_request_is_left_to_the_next_one_on_its_context()
    {
        var found = new Reused
        {
            ForwardedFor = "1",
            ForwardedProto = "2",
            Secret = "3",
            Assertion = "4",
            Connection = "5",
            Method = "9",
            LookAlikes = 6,
            HasGoogleHeader = true,
            PeerAddress = IPAddress.Loopback,
            SecretSlot = 7,
            SlotCounts = SecretRing.Empty,
            FindNetwork = static _ => null,
            IsForCorsAlone = true,
            User = new ClaimsPrincipal(),
            GivenUser = new ClaimsPrincipal(),
            SignedAudience = "8",
        };
        PropertyInfo[] all =
        [
            .. typeof(OriginFindings).GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(static property => property.CanWrite),
        ];
        Assert.Equal(16, all.Length);
        Assert.All(all, property => Assert.NotEqual(property.GetValue(new Reused()), property.GetValue(found)));

        found.ForgetAll();

        Assert.All(all, property => Assert.Equal(property.GetValue(new Reused()), property.GetValue(found)));
    }

    /// <summary>Serilog's {@Guard}, for example, writes down every public property, and what is public of what it holds.</summary>
    [Fact]
    public void A_log_that_takes_the_feature_apart_finds_what_the_feature_says_and_no_more()
    {
        var shown = typeof(GuardedRequest).GetProperties().Select(static property => property.Name);

        Assert.Equal(typeof(IOriginGuardFeature).GetProperties().Select(static property => property.Name).Order(), shown.Order());
    }

    private sealed class Reused : OriginFindings
    {
        public void ForgetAll() => Forget();
    }
}
