using OriginGuard.Arming;
using OriginGuard.Telemetry;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Arming;

/// <summary>Who gives way in a full table.</summary>
public sealed class CallerTableTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly CallerTable _table = new(new PerSecond(1000, new ManualTimeProvider()));

    [Fact]
    public void The_least_busy_gives_way_and_leaves_its_count_to_the_new_one_as_an_overcount()
    {
        for (var i = 0; i < CallerTable.Most; i++)
        {
            Add(i, "/", requests: i == 7 ? 2 : 5);
        }

        Add(1000, "/");

        Assert.Equal(CallerTable.Most, _table.All.Count);
        Assert.DoesNotContain(_table.All, static caller => caller.Key.Reasons.Bits == 7);
        Assert.Equal((2, 1, 3), Of(1000) is { } added ? (added.OvercountAtMost, added.Refused, added.Weight) : default);
    }

    [Fact]
    public void Noise_on_one_route_crowds_out_nobody_on_another()
    {
        Add(0, "/hooks");
        for (var i = 1; i < 500; i++)
        {
            Add(i, "/", requests: 2);
        }

        Assert.Equal(0, Of(0)?.OvercountAtMost);
        Add(501, "/jobs");
        Assert.Equal(0, Of(501)?.OvercountAtMost);
        Assert.NotNull(Of(0));
    }

    private void Add(int who, string route, int requests = 1)
    {
        for (var i = 0; i < requests; i++)
        {
            _table.Add(new CallerKey(CallerKind.Stranger, null, new ReasonSet((uint)who), null, route), Now, isEnforced: true);
        }
    }

    private Caller? Of(int who) => _table.All.SingleOrDefault(caller => caller.Key.Reasons.Bits == who);
}
