using System.Net;
using Microsoft.Extensions.Logging;
using OriginGuard.Checks;

namespace OriginGuard.Telemetry;

/// <summary>
/// Says in the log that requests are not admitted, without letting whoever sends them fill it: the first of a reason in full, then at most one
/// line per reason and minute. One counter per reason is all the memory that a flood can use.
/// </summary>
internal sealed partial class RefusalSummary : IDisposable
{
    private readonly ILogger _logger;
    private readonly RefusalWindow[] _windows;

    public RefusalSummary(TimeProvider time, ILogger<RefusalSummary> logger)
    {
        _logger = logger;
        _windows = RefusalWindow.ForEachReason(
            time,
            (code, peer, treatment, page) => Log.FirstNotAdmitted(logger, code, peer, treatment, page),
            (count, code, peer, page) => Log.NotAdmittedSummary(logger, count, code, peer, page));
    }

    public void Add(OriginVerdict verdict, IPAddress? peer, bool enforced)
    {
        Log.NotAdmitted(_logger, verdict.Reason.ToCode(), peer, enforced);
        _windows[(int)verdict.Reason].Add(peer, enforced);
    }

    public void Dispose()
    {
        foreach (var window in _windows)
        {
            window.Dispose();
        }
    }
}
