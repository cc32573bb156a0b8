using System.Net;
using OriginGuard.Ranges;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Ranges;

public sealed class CurrentRangesTests
{
    private const string Name = "_ranges.example";

    private static readonly IPNetwork One = IPNetwork.Parse("34.96.0.0/20");
    private static readonly IPNetwork Two = IPNetwork.Parse("34.127.192.0/18");

    private readonly CurrentRanges _ranges = new(new ManualTimeProvider());
    private int _changes;

    public CurrentRangesTests()
    {
        _ranges.Use(_ranges.Prepare(new SourceAddressOptions { RecordNames = [Name] }));
        _ranges.Changed += () => _changes++;
    }

    [Fact]
    public void Tells_of_other_networks_and_not_of_the_same_ones_again()
    {
        Publish(One, Two);
        Assert.Equal(1, _changes);

        Publish(Two, One, Two);
        Assert.Equal(1, _changes);

        Publish(One);
        Assert.Equal(2, _changes);

        _ranges.TryReplace(_ranges.Record(Name)!, Part(One));
        Assert.Equal(2, _changes);

        _ranges.TryReplace(_ranges.Record(Name)!, Part());
        Assert.Equal(3, _changes);
    }

    [Fact]
    public void Does_not_tell_of_what_never_came_into_force()
    {
        _ranges.Publish(_ranges.NewPart("_gone.example", [One], RangeOrigin.Dns));
        _ranges.TryReplace(Part(Two), Part(One));

        Assert.Equal(0, _changes);
    }

    [Fact]
    public void Tells_outside_of_its_lock_when_the_change_can_be_read()
    {
        string? seen = null;
        _ranges.Changed += () =>
        {
            var other = new Thread(() => seen = _ranges.Record(Name)?.Trie.ToString());
            other.Start();
            Assert.True(other.Join(TimeSpan.FromSeconds(30)), "Somebody else waits for the lock.");
        };

        Publish(One);

        Assert.Equal("1 IPv4 and 0 IPv6 network(s)", seen);
    }

    private RecordRanges Part(params IPNetwork[] networks) => _ranges.NewPart(Name, networks, RangeOrigin.Dns);

    private void Publish(params IPNetwork[] networks) => _ranges.Publish(Part(networks));
}
