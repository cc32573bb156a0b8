using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Guard;
using OriginGuard.Ranges;
using OriginGuard.TestKit;

namespace OriginGuard.RealServers.Tests.Model;

/// <summary>
/// A real guarded origin with a scripted DNS and a clock of the test, which writes down what happens to it and what its callers see.
/// </summary>
internal sealed class TracedOrigin : IAsyncDisposable
{
    // Longer than all that goes by from one turn to the next in a whole trace.
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(10);

    private static readonly IPAddress[] Peers = [IPAddress.Parse("34.96.1.1"), IPAddress.Parse("8.34.208.1"), IPAddress.Parse("10.0.0.1"), IPAddress.Parse("203.0.113.66")];

    private readonly ManualTimeProvider _clock = new();
    private readonly ScriptedTxtResolver _dns = new();
    private readonly TemporaryFolder _folder = new();
    private readonly List<TracedStep> _trace = [];
    private GuardedApp? _app;
    private ChangingSource? _source;
    private TracedSettings _settings;
    private int _status = 404;

    /// <summary>What has happened.</summary>
    public IReadOnlyList<TracedStep> Trace => _trace;

    private RangeRefresher Refresher => _app!.Services.GetRequiredService<RangeRefresher>(); // an origin is started first

    /// <summary>A process begins; one that was there ends in order.</summary>
    public async Task StartAsync(TracedSettings settings, DnsSays google, DnsSays more)
    {
        await EndAsync();
        _settings = settings;
        _source = new ChangingSource(Configuration());
        await StepAsync(TracedEvent.Starts, google, more, settings.Names, async () => _app = await GuardedApp.StartAsync(
            new Dictionary<string, string?>(), services => services.AddSingleton<TimeProvider>(_clock).AddSingleton<ITxtResolver>(_dns), sources: sources => sources.Add(_source)));
    }

    /// <summary>Other settings come into force, or, where they are the same, something else of the configuration.</summary>
    public Task ReloadAsync(TracedSettings settings, DnsSays google, DnsSays more)
    {
        var isSame = settings == _settings;
        (_settings, _status) = (settings, _status < 490 ? _status + 1 : 404);
        return StepAsync(isSame ? TracedEvent.ReloadsSomethingElse : TracedEvent.Reloads, google, more, isSame ? [] : settings.Names, () =>
        {
            _source!.Become(Configuration()); // made with the origin
            return Task.CompletedTask;
        });
    }

    /// <summary>Settings that cannot be in force: nothing is to come of them.</summary>
    public Task ReloadInvalidAsync() => StepAsync(TracedEvent.Rests, DnsSays.Failed, DnsSays.Failed, [], () =>
    {
        var settings = Configuration();
        settings["OriginGuard:SourceAddress:MinPrefixLengthV4"] = "33";
        settings["OriginGuard:SourceAddress:AllowNonPublicNetworks"] = "true";
        _source!.Become(settings); // made with the origin
        _source.Become(Configuration());
        return Task.CompletedTask;
    });

    /// <summary>Time goes by until DNS is asked again.</summary>
    public Task NextTurnAsync(DnsSays google, DnsSays more)
    {
        var next = Refresher.Status.Min(static record => record.NextAttempt);
        string[] due = [.. Refresher.Status.Where(record => record.NextAttempt == next).Select(static record => record.Name)];
        return StepAsync(TracedEvent.Rests, google, more, due, () =>
        {
            _clock.Advance(next - _clock.GetUtcNow() ?? TimeSpan.Zero);
            return Task.CompletedTask;
        });
    }

    /// <summary>Somebody deletes the snapshot.</summary>
    public Task LoseFileAsync() => StepAsync(TracedEvent.LosesFile, DnsSays.Failed, DnsSays.Failed, [], () =>
    {
        File.Delete(SnapshotPath);
        return Task.CompletedTask;
    });

    /// <summary>So much time goes by without an answer that nothing is good any more.</summary>
    public Task GrowOldAsync() => StepAsync(TracedEvent.GrowsOld, DnsSays.Failed, DnsSays.Failed, [], () =>
    {
        _clock.Advance(MaxAge);
        return Task.CompletedTask;
    });

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _folder.Dispose();
    }

    private string SnapshotPath => Path.Combine(_folder.Path, "ranges.snapshot");

    private static async Task UntilAsync(Func<bool> reached)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (!reached())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static TxtAnswer Answer(DnsSays said) => said switch
    {
        DnsSays.Some => TxtAnswer.Found(["v=spf1 ip4:8.34.208.0/24 -all"], TimeSpan.FromMinutes(5)),
        DnsSays.Private => TxtAnswer.Found(["v=spf1 ip4:10.0.0.0/24 -all"], TimeSpan.FromMinutes(5)),
        _ => TxtAnswer.Failed(TxtError.ServerFailure, "the script says so"),
    };

    private Dictionary<string, string?> Configuration()
    {
        var settings = new Dictionary<string, string?>
        {
            ["OriginGuard:SourceAddress:SnapshotPath"] = SnapshotPath,
            ["OriginGuard:SourceAddress:Corroboration"] = "Off",
            ["OriginGuard:SourceAddress:MaxAge"] = MaxAge.ToString(null, CultureInfo.InvariantCulture),
            ["OriginGuard:SourceAddress:UseBuiltInRanges"] = _settings.UsesBuiltIn ? "true" : "false",
            ["OriginGuard:SourceAddress:AllowNonPublicNetworks"] = _settings.IsLax ? "true" : "false",
            ["OriginGuard:Rejection:StatusCode"] = _status.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (i, name) in _settings.Names.Index())
        {
            settings[$"OriginGuard:SourceAddress:RecordNames:{i}"] = name;
        }

        return settings;
    }

    /// <summary>Something happens; once the origin rests again, it is written down, how often DNS was asked meanwhile, and what callers see.</summary>
    /// <param name="step">What happens.</param>
    /// <param name="google">What DNS says of Google's record while it happens.</param>
    /// <param name="more">What it says of the other one.</param>
    /// <param name="asked">The records that it makes the origin ask for.</param>
    /// <param name="happen">Makes it happen.</param>
    private async Task StepAsync(TracedEvent step, DnsSays google, DnsSays more, string[] asked, Func<Task> happen)
    {
        _dns.Answer(TracedSettings.Google, Answer(google)).Answer(TracedSettings.More, Answer(more));
        var before = _dns.Calls;
        await happen();
        var looks = 0;
        await UntilAsync(() =>
        {
            // A loop that looked at the clock while that went on lies down for longer than it says.
            if (++looks % 20_000 == 0)
            {
                _clock.Advance(_clock.ArmedTimers[0]);
            }

            return asked.All(name => _dns.Asked.Skip(before).Contains(name)) && IsAsleep() && IsInForce();
        });
        await Refresher.WhenSaved;
        string[] questions = [.. _dns.Asked.Skip(before)];
        _trace.Add(new TracedStep(
            step,
            _settings,
            new TracedQuestions(questions.Count(static name => name == TracedSettings.Google), google),
            new TracedQuestions(questions.Count(static name => name == TracedSettings.More), more),
            await Task.WhenAll(Peers.Select(SeeAsync))));
    }

    private bool IsAsleep()
    {
        var (now, timers) = (_clock.GetUtcNow(), _clock.ArmedTimers);
        return Refresher.Status.All(record => record.NextAttempt is { } next && timers.Contains(next - now));
    }

    private bool IsInForce() => _app!.Services.GetRequiredService<GuardPlans>().Current.Options.Rejection.StatusCode == _status; // an origin is started first

    private async Task<OriginOutcome> SeeAsync(IPAddress peer)
    {
        var status = (await _app!.SendAsync(peer)).Response.StatusCode; // an origin is started first
        return status == 200 ? OriginOutcome.Admitted
            : status == 503 ? OriginOutcome.Undetermined
            : status == _status ? OriginOutcome.Refused
            : throw new InvalidOperationException($"An answer of status {status}.");
    }

    private async Task EndAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
    }
}
