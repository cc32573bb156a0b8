using Microsoft.Coyote.Runtime;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Ranges;
using OriginGuard.Surroundings;
using OriginGuard.TestKit;

namespace OriginGuard.Coyote;

/// <summary>The supply of the ranges of one record, as the container makes it.</summary>
internal sealed class RangeScene
{
    public const string Record = "ranges.origin.test";

    private readonly CurrentRanges _ranges;
    private readonly TaskCompletionSource _newGeneration = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RangeScene()
    {
        SchedulingPoint.Suppress();
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton(new GuardClock(Time));
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<ITxtResolver>(Resolver);
        services.AddOriginGuard();
        var provider = services.BuildServiceProvider();
        _ranges = provider.GetRequiredService<CurrentRanges>();
        _ranges.Use(_ranges.Prepare(Options()));
        _ranges.Changed += () =>
        {
            if (Serial >= SerialResolver.SecondGeneration)
            {
                _newGeneration.TrySetResult();
            }
        };
        Refresher = provider.GetRequiredService<RangeRefresher>();
        SchedulingPoint.Resume();
    }

    public ManualTimeProvider Time { get; } = new();

    public SerialResolver Resolver { get; } = new();

    public RangeRefresher Refresher { get; }

    /// <summary>The number of the answer in force; none is zero.</summary>
    public int Serial => _ranges.Record(Record) is { Networks: [var network] } ? SerialResolver.SerialOf(network) : 0;

    public Task NewGenerationInForce => _newGeneration.Task;

    public SourceAddressOptions Options() => new() { RecordNames = [Record] };
}
