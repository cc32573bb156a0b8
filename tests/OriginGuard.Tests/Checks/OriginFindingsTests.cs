using System.Net;
using System.Reflection;
using System.Security.Claims;
using OriginGuard.Checks;
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
            LookAlikes = 6,
            HasGoogleHeader = true,
            PeerAddress = IPAddress.Loopback,
            SecretSlot = 7,
            FindNetwork = static _ => null,
            IsForCorsAlone = true,
            User = new ClaimsPrincipal(),
            SignedAudience = "8",
        };
        PropertyInfo[] all = [.. typeof(OriginFindings).GetProperties().Where(static property => property.CanWrite)];
        Assert.All(all, property => Assert.NotEqual(property.GetValue(new Reused()), property.GetValue(found)));

        found.ForgetAll();

        Assert.All(all, property => Assert.Equal(property.GetValue(new Reused()), property.GetValue(found)));
    }

    private sealed class Reused : OriginFindings
    {
        public void ForgetAll() => Forget();
    }
}
