using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OriginGuard.PublishedLists;
using OriginGuard.Ranges;
using OriginGuard.Telemetry;
using OriginGuard.TestKit;
using OriginGuard.Tests.PublishedLists;
using Xunit;

namespace OriginGuard.Tests.Ranges;

/// <summary>The supply of ranges with a scripted DNS, a folder of its own and a clock that only the test moves.</summary>
internal sealed class SupplyScene : IAsyncDisposable
{
    public const string Name = SourceAddressOptions.GoogleRecordName;
    public const string Other = "_more.ranges.example";
    public const string Admitted = "admitted";
    public const string Refused = "refused (address.outside_ranges)";
    public const string Undetermined = "undetermined (address.ranges_unavailable)";

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly OriginGuardMetrics _instruments;
    private readonly SupplyScene? _before;

    /// <param name="configure">The options: one record, a snapshot in the scene's folder, no built-in ranges and no lists unless changed here.</param>
    /// <param name="before">A scene that this one follows as a process follows another: it takes over the clock and the folder.</param>
    /// <param name="time">Another clock than the scene's own, to the code under test.</param>
    public SupplyScene(Action<SourceAddressOptions>? configure = null, SupplyScene? before = null, Func<ManualTimeProvider, TimeProvider>? time = null)
    {
        _before = before;
        Clock = before?.Clock ?? new ManualTimeProvider();
        Folder = before?.Folder ?? Directory.CreateTempSubdirectory("originguard-").FullName;
        Options = new SourceAddressOptions { RecordNames = [Name], SnapshotPath = SnapshotPath, UseBuiltInRanges = false, Corroboration = CorroborationMode.Off };
        configure?.Invoke(Options);
        var shownTime = time?.Invoke(Clock) ?? Clock;
        _instruments = new OriginGuardMetrics(_services.GetRequiredService<IMeterFactory>());
        Metrics = new MetricRecorder(_services.GetRequiredService<IMeterFactory>());
        Ranges = new CurrentRanges(shownTime);
        Snapshots = new SnapshotFile(Ranges, shownTime, new Logger<SnapshotFile>(Logs));
        GoogleLists = new GoogleLists(Lists, shownTime, new Logger<GoogleLists>(Logs));
        var judge = new RangeJudge(Ranges, GoogleLists);
        var standIns = new StandInRanges(Ranges, Snapshots, judge, new Logger<StandInRanges>(Logs));
        Refresher = new RangeRefresher(Ranges, Resolver, Snapshots, standIns, judge, GoogleLists, _instruments, new Logger<RecordRefresh>(Logs));
    }

    public ManualTimeProvider Clock { get; }

    public string Folder { get; }

    public string SnapshotPath => Path.Combine(Folder, "ranges.snapshot");

    public SourceAddressOptions Options { get; private set; }

    public ScriptedTxtResolver Resolver { get; } = new();

    public ScriptedLists Lists { get; } = new();

    public GoogleLists GoogleLists { get; }

    public LogRecorder Logs { get; } = new();

    public MetricRecorder Metrics { get; }

    public CurrentRanges Ranges { get; }

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public SnapshotFile Snapshots { get; }

    public RangeRefresher Refresher { get; }

    public RecordStatus Status => Refresher.Status.Single();

    public RangeOrigin Origin => Ranges.Record(Name)!.Origin;

    /// <summary>A scene in which DNS has answered with these networks.</summary>
    public static async Task<SupplyScene> StartedAsync(string text, Action<SourceAddressOptions>? configure = null)
    {
        var scene = new SupplyScene(configure);
        scene.Resolver.Answer(Name, text);
        await scene.StartAsync();
        await scene.AsleepAsync();
        return scene;
    }

    public Task StartAsync()
    {
        Ranges.Use(Ranges.Prepare(Options));
        return Refresher.StartAsync(Options, isOn: true);
    }

    /// <summary>Puts changed options in force, as a reload does.</summary>
    public void Reload(Action<SourceAddressOptions> change, bool isOn = true)
    {
        Renew();
        change(Options);
        Ranges.Use(Ranges.Prepare(Options));
        Refresher.Use(Options, isOn);
    }

    /// <summary>A reload that changes nothing of the ranges: they are planned anew, and the loops go on with what they have.</summary>
    public void ReloadSomethingElse()
    {
        Renew();
        Ranges.Use(Ranges.Prepare(Options));
    }

    private void Renew()
    {
        Options = new SourceAddressOptions
        {
            RecordNames = Options.RecordNames,
            Networks = Options.Networks,
            SnapshotPath = Options.SnapshotPath,
            UseBuiltInRanges = Options.UseBuiltInRanges,
            AllowNonPublicNetworks = Options.AllowNonPublicNetworks,
            MinPrefixLengthV4 = Options.MinPrefixLengthV4,
            MaxAge = Options.MaxAge,
            Corroboration = Options.Corroboration,
        };
    }

    /// <summary>Waits until that many questions have come and every loop sleeps until its next one.</summary>
    public Task AsleepAsync(int questions = 1) => UntilAsync(() => Resolver.Calls >= questions && IsAsleep);

    /// <summary>Lets the next refresh come as soon as it wants to, and waits until it has ended. Says how long the sleep was.</summary>
    public async Task<TimeSpan> NextAsync()
    {
        await AsleepAsync();
        var questions = Resolver.Calls;
        var sleep = Options.Corroboration is CorroborationMode.On ? Status.NextAttempt!.Value - Clock.GetUtcNow() : Clock.ArmedTimers[0];

        // Negative where the loop looked at the clock while a test moved it: it has lain down later than it has announced, and is woken below.
        Clock.Advance(sleep > TimeSpan.Zero ? sleep : TimeSpan.Zero);
        var looks = 0;
        await UntilAsync(() =>
        {
            // In this order: a turn that has ended meanwhile has asked, and the sleep behind it is not to be cut short.
            if (++looks % 5000 == 0 && IsAsleep && Resolver.Calls == questions)
            {
                Clock.Advance(Clock.ArmedTimers[0]);
            }

            return Resolver.Calls > questions && IsAsleep;
        });
        return sleep;
    }

    /// <summary>
    /// Somebody writes nothing into the pipe that stands where the snapshot does, until its reader has gone on. Once is not enough: a signal of the runtime can
    /// interrupt the reader while it opens, and it begins anew and misses whoever has gone by then. On a loaded machine the reader can also come so late that DNS has
    /// answered: then it does not read at all, and a file with the answer stands where the pipe was.
    /// </summary>
    public Task LetGoOfPipeAsync() => UntilAsync(() =>
    {
        new FileStream(SnapshotPath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete).Dispose();
        return Logs.WithId(4121).Any() || new FileInfo(SnapshotPath).Length > 0;
    });

    /// <summary>Ends the process in good order: what was accepted is saved.</summary>
    public Task StopAsync() => Refresher.StopAsync(TestContext.Current.CancellationToken);

    public string Verdict(string peer) => Ranges.Snapshot.Check(IPAddress.Parse(peer), Clock).ToString();

    public void Fail(string name = Name) => Resolver.Answer(name, TxtAnswer.Failed(TxtError.ServerFailure, "the server is in a bad mood"));

    public double Refreshes(string result) => Metrics.Sum("originguard.ranges.refreshes", ("originguard.result", result));

    /// <summary>How long the loop of an application's only record sleeps; null while it does not sleep.</summary>
    public static TimeSpan? SleepOf(RangeRefresher refresher, ManualTimeProvider clock) =>
        refresher.Status is [{ NextAttempt: { } next }] && next - clock.GetUtcNow() is var sleep && clock.ArmedTimers.Contains(sleep) ? sleep : null;

    public static async Task UntilAsync(Func<bool> reached)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (!reached())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Refresher.Dispose();
        GoogleLists.Dispose();
        Lists.Dispose();
        Metrics.Dispose();
        _instruments.Dispose();
        await _services.DisposeAsync();
        Logs.Dispose();
        if (_before is null)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private bool IsAsleep => Refresher.Status is var status
        && status.All(static record => record.NextAttempt is not null)
        && Clock.ArmedTimers.Count == status.Length + (Options.Corroboration is CorroborationMode.On ? 1 : 0);
}
