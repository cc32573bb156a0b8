using System.Net;
using OriginGuard.Ranges;
using Xunit;

namespace OriginGuard.Tests.Ranges;

public sealed class FirstMatchTests
{
    private static readonly IPNetwork Taken = IPNetwork.Parse("34.96.0.0/24");

    /// <summary>A record has room for thousands of such terms, and each that is merged with the others costs as much as all of them.</summary>
    [Fact]
    public void What_is_taken_out_again_and_again_costs_no_more_than_a_look()
    {
        var match = new FirstMatch();
        for (var i = 0; i < 99; i++)
        {
            Assert.Null(match.Add([IPNetwork.Parse($"{i + 1}.{i * 2}.{i}.0/24")], matchesOthers: false, passes: false, "a record"));
        }

        Assert.Null(match.Add([Taken], matchesOthers: false, passes: false, "a record"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Null(match.Add([Taken, IPNetwork.Parse("34.96.0.128/25")], matchesOthers: false, passes: false, "a record"));
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 * 1024 * 1024); // merged each time, it is hundreds of them
        Assert.Null(match.Add([IPNetwork.Parse("34.96.0.0/23")], matchesOthers: false, passes: true, "a record"));
        Assert.Equal(["34.96.1.0/24"], match.Networks.Select(static network => network.ToString()));
        Assert.NotNull(match.Add([IPNetwork.Parse("34.98.0.0/24")], matchesOthers: false, passes: false, "a record"));
    }

    /// <summary>An include is looked up once, and costs as much as it is long each time that it is named.</summary>
    [Fact]
    public void A_long_list_that_is_taken_out_again_and_again_is_refused()
    {
        IPNetwork[] list = [.. Enumerable.Range(0, 4_600).Select(static i => IPNetwork.Parse($"200.0.{i >> 8}.{i & 255}/32"))];
        var match = new FirstMatch();
        for (var i = 0; i < 99; i++)
        {
            Assert.Null(match.Add([IPNetwork.Parse($"{i + 1}.{i * 2}.{i}.0/24")], matchesOthers: false, passes: false, "a record"));
        }

        Assert.Null(match.Add([IPNetwork.Parse("200.0.0.0/8")], matchesOthers: false, passes: false, "a record"));
        RangeBreach? breach = null;
        var times = 0;
        for (; breach is null && times < 100; times++)
        {
            breach = match.Add(list, matchesOthers: false, passes: false, "a record");
        }

        Assert.Equal((RangeFailure.TooManyNetworks, 22), (breach?.Failure, times));
    }
}
