using OriginGuard.Configuration;
using OriginGuard.Refreshing;
using OriginGuard.Surroundings;

namespace OriginGuard.Arming;

/// <summary>Carries the account over restarts: reads it before the first request, and writes it each minute that brought something, and at the end.</summary>
internal sealed class ArmingKeeper(ArmingAccount account, ArmingFile file, OptionsSections sections, TimeProvider time) : IDisposable
{
    /// <summary>What a killed process loses at most.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // A disk that hangs costs the report, not the start.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly DiskLane _disk = new();
    private readonly CancellationTokenSource _stopping = new();
    private volatile string? _path;
    private bool _isUnread;
    private Task _loop = Task.CompletedTask;

    /// <summary>Goes on with what the file holds, and begins to keep it.</summary>
    /// <param name="options">The options in force.</param>
    /// <param name="isArmed">Every layer that is on refuses.</param>
    public async Task StartAsync(OriginGuardOptions options, bool isArmed)
    {
        if (ArmingFile.PathOf(options) is { } path)
        {
            var reading = _disk.Run(() => file.Load(path));
            try
            {
                if (await reading.WaitAsync(Patience, time) is { } kept)
                {
                    account.Restore(kept);
                }
            }
            catch (TimeoutException)
            {
                // Nothing is written over what was not read.
                _isUnread = true;
                file.GiveUp(path, Patience);
            }
        }

        Use(options, isArmed);
    }

    /// <summary>Options are in force.</summary>
    public void Use(OriginGuardOptions options, bool isArmed)
    {
        account.Use(ArmingSettings.Fingerprint(sections, options), isArmed);
        _path = _isUnread ? null : ArmingFile.PathOf(options);
        if (_path is not null && _loop.IsCompleted && !_stopping.IsCancellationRequested)
        {
            _loop = new RefreshLoop(Keep, static _ => { }, time).RunAsync(_stopping.Token);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _loop;
        Save(isLast: true);
        await _disk.WhenIdle.WaitAsync(cancellationToken);
    }

    public void Dispose() => _stopping.Dispose();

    private Task<TimeSpan> Keep(CancellationToken cancellationToken)
    {
        Save(isLast: false);
        return Task.FromResult(Interval);
    }

    private void Save(bool isLast)
    {
        // While the disk hangs nothing piles up behind it. The last one says how long there was nothing to see.
        if (_path is { } path && (isLast ? account.Read() : _disk.WhenIdle.IsCompleted ? account.TakeChanged() : null) is { } state)
        {
            _disk.Run(() => file.Save(path, state));
        }
    }
}
