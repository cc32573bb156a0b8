using System.Text;
using OriginGuard.Iap;
using Xunit;

namespace OriginGuard.Tests.Iap;

/// <summary>The times of an assertion, at the ends of the calendar: a clock of the application's own may stand there, as one that a mocking library has made.</summary>
public sealed class IapPolicyTests
{
    private static readonly IapPolicy Policy = new(new IapOptions { Audiences = ["/projects/1/apps/a"] });
    private static readonly long Last = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    [Fact]
    public void No_time_leaves_the_calendar()
    {
        foreach (var now in (DateTimeOffset[])[DateTimeOffset.MinValue, DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue])
        {
            Assert.Equal(now.Year < 9999, Policy.IsUnexpired(Claims(0, 1000), now));
            Assert.Equal(now.Year > 1, Policy.IsIssued(Claims(1, Last), now));
            Assert.True(Policy.IsUnexpired(Claims(1, Last), now));
            Assert.Equal(now.Year > 1, Policy.IsIssued(Claims(0, Last), now));
        }
    }

    [Fact]
    public void The_skew_counts_to_the_second_on_either_side()
    {
        var (issued, expires) = (DateTimeOffset.UnixEpoch.AddDays(1), DateTimeOffset.UnixEpoch.AddDays(1).AddMinutes(10));
        var (claims, skew) = (Claims(issued.ToUnixTimeSeconds(), expires.ToUnixTimeSeconds()), new IapOptions().ClockSkew);

        Assert.True(Policy.IsIssued(claims, issued - skew));
        Assert.False(Policy.IsIssued(claims, issued - skew - TimeSpan.FromTicks(1)));
        Assert.True(Policy.IsUnexpired(claims, expires + skew));
        Assert.False(Policy.IsUnexpired(claims, expires + skew + TimeSpan.FromTicks(1)));
    }

    private static IapClaims Claims(long issued, long expires) =>
        IapClaims.Read(Encoding.UTF8.GetBytes($$"""{"iss":"https://cloud.google.com/iap","aud":"/projects/1/apps/a","sub":"a","iat":{{issued}},"exp":{{expires}}}"""));
}
