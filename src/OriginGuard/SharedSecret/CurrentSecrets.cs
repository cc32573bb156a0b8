using Microsoft.Extensions.Logging;

namespace OriginGuard.SharedSecret;

/// <summary>Owns the ring in force: swaps in a new one when the options or one of the files change.</summary>
internal sealed partial class CurrentSecrets : IDisposable
{
    // A changed file is in force within 15 seconds, as documented. Asking is sturdier than watching: mounted secrets are replaced
    // by links that watchers do not see.
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    private readonly SecretFiles _files;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _rebuild = new();
    private readonly Dictionary<string, string> _reported = new(StringComparer.Ordinal);
    private SharedSecretOptions _options = new();
    private string[] _values = [];
    private int _polling;
    private volatile SecretRing _ring = SecretRing.Empty;
    private long _changedAt;

    public CurrentSecrets(SecretFiles files, TimeProvider time, ILogger<CurrentSecrets> logger)
    {
        _files = files;
        _logger = logger;
        _time = time;
        _timer = time.CreateTimer(static state => ((CurrentSecrets)state!).Poll(), this, PollInterval, PollInterval);
    }

    public SecretRing Ring => _ring;

    /// <summary>Since when these secrets are in force.</summary>
    public DateTimeOffset ChangedAt => new(Interlocked.Read(ref _changedAt), TimeSpan.Zero);

    public void Use(SharedSecretOptions options)
    {
        lock (_rebuild)
        {
            _options = options;
            _files.ForgetAllBut(options.SecretFiles);
        }

        Rebuild();
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
            Rebuild();
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
            string[] values = [.. _options.Secrets, .. _options.SecretFiles.Select(Read).OfType<string>()];
            if (values.AsSpan().SequenceEqual(_values))
            {
                return;
            }

            _values = values;
            Interlocked.Exchange(ref _changedAt, _time.GetUtcNow().Ticks);
            _ring = new SecretRing(values);
            Log.SecretsChanged(_logger, values.Length);
        }
    }

    private string? Read(string path)
    {
        var value = _files.Read(path, out var problem);
        if (problem is null)
        {
            _reported.Remove(path);
        }
        else if (_reported.GetValueOrDefault(path) != problem)
        {
            _reported[path] = problem;
            Log.SecretFileKept(_logger, path, problem);
        }

        return value;
    }
}
