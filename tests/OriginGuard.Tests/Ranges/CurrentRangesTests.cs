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
    public void Where_there_are_no_ranges_at_all_nobody_can_tell() => Assert.Equal(
        OriginVerdict.Because(RefusalReason.AddressRangesUnavailable), new RangeSnapshot([], TimeSpan.FromDays(7)).Check(One.BaseAddress, new ManualTimeProvider()));

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
    public void Only_what_the_settings_in_force_forbid_is_dropped()
    {
        _ranges.Use(_ranges.Prepare(new SourceAddressOptions { RecordNames = [Name], MinPrefixLengthV4 = 24 }));
        Publish(One);
        var seen = _ranges.Record(Name)!;
        _ranges.Use(_ranges.Prepare(new SourceAddressOptions { RecordNames = [Name], MinPrefixLengthV4 = 16 }));

        Assert.False(_ranges.TryDrop(seen, static inForce => inForce.MinPrefixLengthV4 == 24));
        Assert.Same(seen, _ranges.Record(Name));

        Assert.True(_ranges.TryDrop(seen, static inForce => inForce.MinPrefixLengthV4 == 16));
        Assert.Equal(RangeOrigin.None, _ranges.Record(Name)!.Origin);
        Assert.Equal(2, _changes);
    }

    [Fact]
    public void What_is_dropped_stays_known_to_the_settings_that_are_about_to_follow_and_permit_it()
    {
        Publish(One);
        var next = _ranges.Prepare(new SourceAddressOptions { RecordNames = [Name], MinPrefixLengthV4 = 9 });

        Assert.True(_ranges.TryDrop(_ranges.Record(Name)!, static settings => settings.MinPrefixLengthV4 != 9));
        _ranges.Use(next);

        Assert.Equal([One], _ranges.Record(Name)!.Networks);
    }

    [Fact]
    public void What_stands_in_for_what_was_dropped_does_not_take_its_place_in_the_settings_that_are_about_to_follow()
    {
        Publish(One);
        var next = _ranges.Prepare(new SourceAddressOptions { RecordNames = [Name], MinPrefixLengthV4 = 9 });

        Assert.True(_ranges.TryDrop(_ranges.Record(Name)!, static settings => settings.MinPrefixLengthV4 != 9));
        Assert.True(_ranges.TryReplace(_ranges.Record(Name)!, Part(Two)));
        Assert.Equal([Two], _ranges.Record(Name)!.Networks);
        _ranges.Use(next);

        Assert.Equal([One], _ranges.Record(Name)!.Networks);
    }

    [Fact]
    public void What_the_settings_that_are_about_to_follow_forbid_as_well_is_dropped_for_them_too()
    {
        Publish(One);
        var next = _ranges.Prepare(new SourceAddressOptions { RecordNames = [Name] });

        Assert.True(_ranges.TryDrop(_ranges.Record(Name)!, static _ => true));
        _ranges.Use(next);

        Assert.Equal(RangeOrigin.None, _ranges.Record(Name)!.Origin);
    }

    [Fact]
    public void An_answer_that_came_after_the_judgement_is_not_dropped()
    {
        Publish(One);
        var seen = _ranges.Record(Name)!;
        Publish(Two);

        Assert.False(_ranges.TryDrop(seen, static _ => true));
        Assert.Equal([Two], _ranges.Record(Name)!.Networks);
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
