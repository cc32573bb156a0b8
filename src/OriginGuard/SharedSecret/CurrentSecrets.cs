using Microsoft.Extensions.Logging;
using OriginGuard.Surroundings;

namespace OriginGuard.SharedSecret;

/// <summary>Reads the secrets of the configuration in force, and of the one that is about to follow it, again and again.</summary>
internal sealed partial class CurrentSecrets : IDisposable
{
    // Which secrets are in use is looked at this often, and which files have changed at most this often. Asking is sturdier than watching: mounted secrets are
    // replaced by links that watchers do not see.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    private readonly SecretFiles _files;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _rebuild = new();
    private readonly Dictionary<string, string> _reported = new(StringComparer.Ordinal);
    private PlannedSecrets? _next;
    private volatile PlannedSecrets _current = new(new SharedSecretOptions());
    private long _filesRead;
    private int _polling;

    public CurrentSecrets(SecretFiles files, TimeProvider time, ILogger<CurrentSecrets> logger)
    {
        _files = files;
        _logger = logger;
        (_time, _filesRead) = (time, time.GetTimestamp());
        _timer = Detached.CreateTimer(time, static state => ((CurrentSecrets)state!).Poll(), this, PollInterval, PollInterval);
    }

    /// <summary>The secrets of a configuration that is not in force yet.</summary>
    public PlannedSecrets Prepare(SharedSecretOptions options)
    {
        lock (_rebuild)
        {
            var next = new PlannedSecrets(options);
            next.TakeOver(_current);
            Rebuild(next);
            return _next = next;
        }
    }

    /// <summary>The configuration of a plan is in force.</summary>
    public void Use(PlannedSecrets plan)
    {
        bool isChanged;
        lock (_rebuild)
        {
            isChanged = !ReferenceEquals(_current.Ring, plan.Ring);
            (_current, _next) = (plan, null);
            _files.Keep(this, plan.Options.SecretFiles);
            _files.ForgetTheRest();
        }

        if (isChanged)
        {
            Log.SecretsChanged(_logger, plan.Ring.Count);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Poll()
    {
        // A file that hangs holds one thread, and the next turns pass it by.
        if (Interlocked.Exchange(ref _polling, 1) == 1)
        {
            return;
        }

        try
        {
            // A timer may come a little early, and the turn after it would be late.
            if (_time.GetElapsedTime(_filesRead) + (PollInterval / 2) >= _current.Options.SecretFilesInterval)
            {
                _filesRead = _time.GetTimestamp();
                Rebuild();
            }

            lock (_rebuild)
            {
                _current.Look(_time.GetUtcNow());
            }
        }
        catch (Exception)
        {
            // What nobody foresaw: a failure of a timer ends the process, and what is in force is good. The next turn comes.
        }
        finally
        {
            Volatile.Write(ref _polling, 0);
        }
    }

    private void Rebuild()
    {
        lock (_rebuild)
        {
            // The one that follows too: a value that is revoked meanwhile must not come into force with it.
            if (_next is { } next)
            {
                Rebuild(next);
            }

            // What a configuration named that never came into force, too: its file may be gone when another one names it.
            _files.Keep(this, [.. _current.Options.SecretFiles, .. _next?.Options.SecretFiles ?? []]);
            _files.ForgetTheRest();
            if (Rebuild(_current))
            {
                Log.SecretsChanged(_logger, _current.Ring.Count);
            }
        }
    }

    private bool Rebuild(PlannedSecrets secrets) =>
        secrets.Take([.. secrets.Options.Secrets, .. secrets.Options.SecretFiles.Zip(_files.Begin(secrets.Options.SecretFiles), Read).OfType<string>()], _time.GetUtcNow());

    private string? Read(string path, SecretFiles.Reading reading)
    {
        var value = reading.End(out var problem);
        if (problem is null)
        {
            _reported.Remove(path);
        }
        else if (_reported.GetValueOrDefault(path) != problem.What)
        {
            _reported[path] = problem.What;
            Log.SecretFileKept(_logger, KeptFile.Shown(path), problem.What);
        }

        return value;
    }
}
