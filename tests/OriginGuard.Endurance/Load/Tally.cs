using System.Collections.Concurrent;

namespace OriginGuard.Endurance.Load;

/// <summary>What was answered, and what should not have been.</summary>
internal sealed class Tally
{
    private const int MostExamples = 20;

    private long _requests;
    private long _http2;
    private long _admitted;
    private long _wrong;
    private long _serverErrors;

    public long Requests => Volatile.Read(ref _requests);

    public long Http2 => Volatile.Read(ref _http2);

    public long Admitted => Volatile.Read(ref _admitted);

    public long Wrong => Volatile.Read(ref _wrong);

    /// <summary>Of status 500.</summary>
    public long ServerErrors => Volatile.Read(ref _serverErrors);

    public ConcurrentQueue<string> Examples { get; } = new();

    /// <param name="caller">Who asked.</param>
    /// <param name="status">What was answered.</param>
    /// <param name="expected">What is right; null: both are, while something changes.</param>
    /// <param name="isHttp2">By HTTP/2.</param>
    public void Count(string caller, int status, bool? expected, bool isHttp2)
    {
        Interlocked.Increment(ref _requests);
        if (isHttp2)
        {
            Interlocked.Increment(ref _http2);
        }

        if (status == 200)
        {
            Interlocked.Increment(ref _admitted);
        }

        if (status == 500)
        {
            Interlocked.Increment(ref _serverErrors);
        }

        // Where it is not known to be right, the guard says 503 for 403: no key, no ranges.
        if (status is not (200 or 403 or 503) || (expected is { } right && right != (status == 200)))
        {
            Interlocked.Increment(ref _wrong);
            if (Examples.Count < MostExamples)
            {
                Examples.Enqueue($"{caller} was answered {status}");
            }
        }
    }
}
