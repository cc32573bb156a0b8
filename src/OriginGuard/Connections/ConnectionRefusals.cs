using System.Net;
using Microsoft.Extensions.Logging;
using OriginGuard.Checks;
using OriginGuard.Telemetry;

namespace OriginGuard.Connections;

/// <summary>Says in the log that connections are not admitted, as <see cref="RefusalSummary"/> says it of requests.</summary>
internal sealed partial class ConnectionRefusals : IDisposable
{
    private readonly ILogger _logger;
    private readonly RefusalWindow[] _windows;

    public ConnectionRefusals(TimeProvider time, ILogger<ConnectionRefusals> logger)
    {
        _logger = logger;
        _windows = RefusalWindow.ForEachReason(
            time,
            (code, peer, treatment, page) => Log.FirstConnectionNotAdmitted(logger, code, peer, treatment, page),
            (count, code, peer, page) => Log.ConnectionsNotAdmittedSummary(logger, count, code, peer, page));
    }

    public void Add(OriginVerdict verdict, IPAddress? peer, bool enforced)
    {
        Log.ConnectionNotAdmitted(_logger, verdict.Reason.ToCode(), peer, enforced);
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
