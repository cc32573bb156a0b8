using System.Net;
using Microsoft.Coyote.Specifications;
using OriginGuard.Ranges;
using OriginGuard.TestKit;

namespace OriginGuard.Coyote;

/// <summary>The ranges of a record while it is refreshed, the configuration changes and the application ends.</summary>
internal static class RangeTests
{
    private const string Record = RangeScene.Record;

    public static Func<Task>[] All =>
    [
        Ranges_in_force_never_give_way_to_an_older_answer,
        A_change_of_the_options_is_asked_for_and_comes_into_force,
        After_the_stop_nobody_asks_and_nothing_changes,
        What_comes_while_a_plan_is_made_is_not_missed,
        A_stand_in_never_replaces_an_answer,
    ];

    public static async Task Ranges_in_force_never_give_way_to_an_older_answer()
    {
        var scene = new RangeScene();
        var starting = Task.Run(() => scene.Refresher.StartAsync(scene.Options(), isOn: true));
        var waking = Task.Run(() => scene.Refresher.Use(scene.Options(), isOn: true));
        var looking = Task.Run(() =>
        {
            var last = 0;
            for (var times = 0; times < 4; times++)
            {
                var now = scene.Serial;
                Specification.Assert(now >= last, "Answer {0} was in force, and then answer {1}.", last, now);
                last = now;
            }
        });

        await Task.WhenAll(starting, waking, looking);
    }

    public static async Task A_change_of_the_options_is_asked_for_and_comes_into_force()
    {
        var scene = new RangeScene();
        await scene.Refresher.StartAsync(scene.Options(), isOn: true);
        var waking = Task.Run(() =>
        {
            scene.Resolver.Generation = 1;
            scene.Refresher.Use(scene.Options(), isOn: true);
        });

        // Time stands still: an interruption that is lost would leave the old answer in force for five minutes.
        await waking;
        await scene.NewGenerationInForce;
    }

    public static async Task After_the_stop_nobody_asks_and_nothing_changes()
    {
        var scene = new RangeScene();
        var starting = Task.Run(() => scene.Refresher.StartAsync(scene.Options(), isOn: true));
        var waking = Task.Run(() => scene.Refresher.Use(scene.Options(), isOn: true));
        await Task.Run(() => scene.Refresher.StopAsync(CancellationToken.None));
        scene.Resolver.IsOver = true;
        var last = scene.Serial;
        scene.Time.Advance(TimeSpan.FromHours(2));
        await Task.WhenAll(starting, waking);
        Specification.Assert(scene.Serial == last, "Ranges changed after the end.");
    }

    public static async Task What_comes_while_a_plan_is_made_is_not_missed()
    {
        var ranges = new CurrentRanges(new ManualTimeProvider());
        var options = new SourceAddressOptions { RecordNames = [Record] };
        ranges.Use(ranges.Prepare(options));
        var network = IPNetwork.Parse("34.96.0.0/20");
        var publishing = Task.Run(() => ranges.Publish(ranges.NewPart(Record, [network], RangeOrigin.Dns)));
        var planning = Task.Run(() => ranges.Use(ranges.Prepare(options)));

        await Task.WhenAll(publishing, planning);
        Specification.Assert(ranges.Snapshot.FindNetwork(network.BaseAddress) == network, "An answer that came while the plan was made is missing.");
    }

    public static async Task A_stand_in_never_replaces_an_answer()
    {
        var ranges = new CurrentRanges(new ManualTimeProvider());
        ranges.Use(ranges.Prepare(new SourceAddressOptions { RecordNames = [Record] }));
        var (saved, answered) = (IPNetwork.Parse("34.96.0.0/20"), IPNetwork.Parse("34.127.192.0/18"));
        var answering = Task.Run(() => ranges.Publish(ranges.NewPart(Record, [answered], RangeOrigin.Dns)));
        var standing = Task.Run(() =>
        {
            if (ranges.Record(Record) is { Origin: RangeOrigin.None } nothing)
            {
                ranges.TryReplace(nothing, ranges.NewPart(Record, [saved], RangeOrigin.Snapshot));
            }
        });

        await Task.WhenAll(answering, standing);
        Specification.Assert(ranges.Record(Record)?.Networks[0] == answered, "A stand-in has replaced an answer.");
    }
}
