namespace OriginGuard.SharedSecret;

/// <summary>
/// One secret file: its last good value, and the one reading that may be on its way. The reading has a thread of its own, which a pipe without a writer or a
/// mount that is gone may hold for ever; whoever wants the value waits a bounded time, and never starts a second reading beside one that hangs.
/// </summary>
internal sealed class SecretFile(string path, TimeProvider time)
{
    /// <summary>How long one reading is waited for, by all who want it together.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Task<SecretFileContent>? _reading;
    private long _begun;
    private volatile string? _lastGood;

    /// <summary>Begins to read, or joins the reading that is on its way.</summary>
    public Task<SecretFileContent> Begin()
    {
        lock (_lock)
        {
            if (_reading is null || _reading.IsCompleted)
            {
                _begun = time.GetTimestamp();
                _reading = Start();
            }

            return _reading;
        }
    }

    /// <summary>Waits for a reading as long as it has time. The value is the last good one, or null.</summary>
    public string? End(Task<SecretFileContent> reading, out SecretFileProblem? problem)
    {
        if (!HasEnded(reading))
        {
            problem = SecretFileProblems.Hangs(Patience);
            return _lastGood;
        }

        var content = reading.GetAwaiter().GetResult();
        problem = content.Problem;
        return problem is null ? _lastGood = content.Value : _lastGood;
    }

    /// <summary>A value that was revoked with its file does not come back with it. A reading that hangs goes on, and stays the only one.</summary>
    public void Forget() => _lastGood = null;

    private Task<SecretFileContent> Start()
    {
        try
        {
            return Task.Factory.StartNew(
                static path => SecretFileContent.Of((string)path!), path, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (Exception failure)
        {
            // No thread to be had, at a container's limit of processes for one: it may be there at the next turn.
            return Task.FromResult(SecretFileContent.Unread(failure, path));
        }
    }

    private bool HasEnded(Task reading)
    {
        var left = Patience - time.GetElapsedTime(Interlocked.Read(ref _begun));
        if (!reading.IsCompleted && left > TimeSpan.Zero)
        {
            try
            {
                reading.WaitAsync(left, time).GetAwaiter().GetResult();
            }
            catch (TimeoutException)
            {
                // Said below.
            }
        }

        return reading.IsCompleted;
    }
}
