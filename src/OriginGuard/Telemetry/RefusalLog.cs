using System.Net;
using OriginGuard.Checks;

namespace OriginGuard.Telemetry;

/// <summary>
/// Says in the log that somebody is not admitted, without letting whoever it is fill it: the first of a reason in full, then at most one line per reason and
/// minute. One counter per reason is all the memory that a flood can use.
/// </summary>
internal abstract class RefusalLog : IDisposable
{
    private readonly RefusalWindow[] _windows;

    protected RefusalLog(TimeProvider time) => _windows = RefusalWindow.ForEachReason(time, First, Further);

    public void Add(OriginVerdict verdict, IPAddress? peer, bool enforced, string? reference = null)
    {
        Each(verdict.Reason.ToCode(), peer, enforced, reference);
        _windows[(int)verdict.Reason].Add(peer, enforced, reference);
    }

    public void Dispose()
    {
        foreach (var window in _windows)
        {
            window.Dispose();
        }
    }

    protected abstract void Each(string code, IPAddress? peer, bool enforced, string? reference);

    protected abstract void First(string code, string peer, string treatment, string page);

    protected abstract void Further(long count, string code, string peer, string page);
}
