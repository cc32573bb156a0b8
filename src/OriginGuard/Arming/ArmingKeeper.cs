using OriginGuard.Configuration;
using OriginGuard.Refreshing;
using OriginGuard.Surroundings;

namespace OriginGuard.Arming;

/// <summary>Carries the account over restarts: reads it before the first request, and writes it each minute that brought something, and at the end.</summary>
internal sealed class ArmingKeeper(ArmingAccount account, ArmingFile file, OptionsSections sections, TimeProvider time) : IDisposable
{
    /// <summary>What a killed process loses at most.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly DiskLane _disk = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private volatile string? _path;
    private volatile string? _saving;
    private (OriginGuardOptions Options, bool IsArmed) _inForce;
    private bool _hasRead;
    private bool _isUnread;
    private bool _isDisposed;
    private Task _loop = Task.CompletedTask;
    private Task _firstTurn = Task.CompletedTask;

    /// <summary>Goes on with what the file holds, begins to keep it, and ends with the first turn of that.</summary>
    /// <param name="options">The options in force.</param>
    /// <param name="isArmed">Every layer that is on refuses.</param>
    public async Task StartAsync(OriginGuardOptions options, bool isArmed)
    {
        Use(options, isArmed);
        if (ArmingFile.PathOf(options) is { } path)
        {
            await ReadAsync(path).ConfigureAwait(false);
        }

        lock (_lock)
        {
            // Those of a reload, if one came while the file was read.
            _hasRead = true;
            Keep();
        }

        await _firstTurn.ConfigureAwait(false);
    }

    /// <summary>Options are in force. Before the file has been read they are only noted: what it holds was seen under those before.</summary>
    public void Use(OriginGuardOptions options, bool isArmed)
    {
        lock (_lock)
        {
            _inForce = (options, isArmed);
            if (_hasRead)
            {
                Keep();
            }
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        Save(account.Read()); // which says how long there was nothing to see
        if (!await _disk.EndsAsync(time, cancellationToken).ConfigureAwait(false) && _path is { } path)
        {
            file.GiveUp(path, DiskLane.HangsFor);
        }
    }

    /// <summary>Ends the loop, also of a host that was never stopped.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _stopping.Cancel();
            _stopping.Dispose();
        }
    }

    private async Task ReadAsync(string path)
    {
        try
        {
            if (await _disk.Run(() => file.Load(path)).WaitAsync(DiskLane.Patience, time).ConfigureAwait(false) is { } kept)
            {
                account.Restore(kept);
            }
        }
        catch (TimeoutException)
        {
            // Nothing is written over what was not read.
            _isUnread = true;
            file.GiveUp(path, DiskLane.HangsFor);
        }
    }

    private void Keep()
    {
        account.Use(ArmingSettings.Fingerprint(sections, _inForce.Options), _inForce.IsArmed);
        _path = _isUnread ? null : ArmingFile.PathOf(_inForce.Options);
        if (_path is { } path && _loop.IsCompleted && !_stopping.IsCancellationRequested)
        {
            var loop = new RefreshLoop(TakeTurn, failure => file.GiveUp(path, failure.Message), time);
            var stopping = _stopping.Token;
            (_loop, _firstTurn) = (Detached.Run(() => loop.RunAsync(stopping)), loop.FirstTurn);
        }
    }

    private Task<TimeSpan> TakeTurn(CancellationToken cancellationToken)
    {
        if (_disk.WhenIdle.IsCompleted)
        {
            Save(account.TakeChanged());
        }
        else if (_saving is { } path)
        {
            // The piece of the turn before, or of one before that: nothing piles up behind it.
            file.GiveUp(path, DiskLane.HangsFor);
        }

        return Task.FromResult(Interval);
    }

    private void Save(ArmingState? state)
    {
        if (state is not null && _path is { } path)
        {
            _saving = path;
            _disk.Run(() =>
            {
                if (!file.Save(path, state))
                {
                    account.KeepAgain();
                }
            });
        }
    }
}
