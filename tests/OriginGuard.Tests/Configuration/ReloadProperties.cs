using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Guard;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Configuration;

/// <summary>
/// Whatever a file says next, and whoever asks meanwhile: nobody is let in, or kept out, but by the configuration that was in force or by the one that comes
/// into force.
/// </summary>
public sealed class ReloadProperties
{
    private const int Sequences = 8;
    private const int Reloads = 12;
    private const int Workers = 2;

    // For each worker between two moves of the configuration: without a bound they take the machine's threads and memory from the one who moves it.
    private const int RequestsPerMove = 200;

    [Fact]
    public void No_reload_lets_anybody_in_whom_neither_the_old_nor_the_new_configuration_lets_in()
    {
        var (taken, refused) = (0, 0);
        var sequences = ModelReading.Any.ArrayOf(Reloads).ToArbitrary();

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Sequences).WithReplay(20261125UL, 13UL), Prop.ForAll(sequences, async readings =>
        {
            var (wereTaken, wereRefused) = await RunAsync(readings);
            (taken, refused) = (taken + wereTaken, refused + wereRefused);
        }));

        // Both kinds must have been met, or the comparison shows nothing.
        Assert.True(taken > 15 && refused > 15, $"{taken} readings came into force, {refused} did not.");
    }

    private static async Task<(int Taken, int Refused)> RunAsync(ModelReading[] readings)
    {
        var file = new ScriptedFile(ModelReading.First.ToJson());
        var clock = new InterruptedTime();
        var resolver = new ScriptedTxtResolver().Answer(SourceAddressOptions.GoogleRecordName, "v=spf1 ip4:34.96.0.0/20 -all");
        await using var app = await GuardedApp.StartAsync(
            new Dictionary<string, string?>(),
            services => services.AddSingleton<TimeProvider>(clock).AddSingleton<ITxtResolver>(resolver),
            sources: configuration => configuration.Add(new JsonConfigurationSource { FileProvider = file, Path = file.Name, ReloadOnChange = true, ReloadDelay = 0 }));
        var timeline = new Timeline(ModelReading.First);
        ConcurrentQueue<string> wrong = [];
        ModelRequest[] everything = [.. ModelRequest.All];

        // Deterministic: in the middle of making a plan the old one rules, and behind the swap the new one, even while what follows from it is not done yet.
        var some = new Random(readings.Length);
        var plans = app.Services.GetRequiredService<GuardPlans>();
        var before = plans.Current;
        clock.Interrupt = () => Ask(
            app, some.GetItems(everything, 5), ReferenceEquals(plans.Current, before) ? timeline.Old : timeline.New, "while the plan is made, or what follows from it", wrong);
        plans.Then(new PlanStep("the test", (_, _) => Ask(app, some.GetItems(everything, 5), timeline.New, "behind the swap", wrong)));

        // And at every moment in between that the machine happens to meet.
        using var stop = new CancellationTokenSource();
        var workers = Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(app, timeline, new Random(worker), wrong, stop.Token), CancellationToken.None)).ToArray();
        var taken = 0;
        foreach (var reading in readings)
        {
            before = plans.Current;
            timeline.Begin(reading.After(timeline.New));
            clock.Reload(() => file.Become(reading.ToJson()));
            timeline.End();
            Ask(app, everything, timeline.New, $"after {reading}", wrong);
            taken += ReferenceEquals(timeline.New, reading) ? 1 : 0;
        }

        Assert.True(taken == 0 || clock.Interruptions > 0, "Nobody looked at the clock while a plan was made.");
        await stop.CancelAsync();
        await Task.WhenAll(workers);
        Assert.True(wrong.IsEmpty, string.Join(Environment.NewLine, wrong.Take(5)));
        return (taken, readings.Length - taken);
    }

    private static async Task WorkAsync(GuardedApp app, Timeline timeline, Random random, ConcurrentQueue<string> wrong, CancellationToken stop)
    {
        while (await timeline.MayAskAsync(stop))
        {
            var request = ModelRequest.All[random.Next(ModelRequest.All.Count)];
            var from = timeline.Ended;
            var isLetIn = await request.IsLetInAsync(app);
            var inForce = timeline.Between(from);
            if (!inForce.Any(reading => Agrees(reading, request, isLetIn)))
            {
                wrong.Enqueue($"{request} was {(isLetIn ? "let in" : "kept out")}, and no configuration in force meanwhile says so: {string.Join(" | ", inForce)}");
            }
        }
    }

    private static void Ask(GuardedApp app, ModelRequest[] requests, ModelReading inForce, string when, ConcurrentQueue<string> wrong)
    {
        foreach (var request in requests)
        {
            var isLetIn = request.IsLetInAsync(app).GetAwaiter().GetResult();
            if (!Agrees(inForce, request, isLetIn))
            {
                wrong.Enqueue($"{request} was {(isLetIn ? "let in" : "kept out")} {when}; in force was {inForce}");
            }
        }
    }

    private static bool Agrees(ModelReading reading, ModelRequest request, bool isLetIn) =>
        reading.Judge(request) is var (must, may) && (isLetIn ? may : !must);

    /// <summary>Which configurations were in force, one after the other.</summary>
    private sealed class Timeline(ModelReading first)
    {
        private readonly List<ModelReading> _all = [first];
        private readonly Lock _lock = new();
        private volatile TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = Workers * RequestsPerMove;
        private int _ended;

        public int Ended => Volatile.Read(ref _ended);

        public ModelReading Old => At(Ended);

        public ModelReading New
        {
            get
            {
                lock (_lock)
                {
                    return _all[^1];
                }
            }
        }

        public void Begin(ModelReading next)
        {
            lock (_lock)
            {
                _all.Add(next);
            }

            AllowMore();
        }

        public void End()
        {
            Interlocked.Increment(ref _ended);
            AllowMore();
        }

        /// <summary>Waits until a worker may send a request; false when it is to end.</summary>
        public async Task<bool> MayAskAsync(CancellationToken stop)
        {
            try
            {
                while (Interlocked.Decrement(ref _left) < 0)
                {
                    await _moved.Task.WaitAsync(stop);
                }

                return !stop.IsCancellationRequested;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        public ModelReading[] Between(int from)
        {
            lock (_lock)
            {
                return [.. _all.Skip(from)];
            }
        }

        private void AllowMore()
        {
            var moved = _moved;
            _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _left, Workers * RequestsPerMove);
            moved.SetResult();
        }

        private ModelReading At(int index)
        {
            lock (_lock)
            {
                return _all[index];
            }
        }
    }

    /// <summary>A clock that does something whenever the thread of a reload looks.</summary>
    private sealed class InterruptedTime : TimeProvider
    {
        private readonly ManualTimeProvider _clock = new();
        private int? _thread;

        public Action? Interrupt { get; set; }

        public int Interruptions { get; private set; }

        public override long TimestampFrequency => _clock.TimestampFrequency;

        public void Reload(Action reload)
        {
            _thread = Environment.CurrentManagedThreadId;
            reload();
            _thread = null;
        }

        public override DateTimeOffset GetUtcNow()
        {
            if (_thread == Environment.CurrentManagedThreadId)
            {
                _thread = null;
                Interruptions++;
                Interrupt?.Invoke();
                _thread = Environment.CurrentManagedThreadId;
            }

            return _clock.GetUtcNow();
        }

        public override long GetTimestamp() => _clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => _clock.CreateTimer(callback, state, dueTime, period);
    }
}
