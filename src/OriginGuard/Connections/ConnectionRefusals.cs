using System.Net;
using Microsoft.Extensions.Logging;
using OriginGuard.Telemetry;

namespace OriginGuard.Connections;

/// <summary>Connections that are not admitted.</summary>
internal sealed partial class ConnectionRefusals(TimeProvider time, ILogger<ConnectionRefusals> logger) : RefusalLog(time)
{
    protected override void Each(string code, IPAddress? peer, bool enforced, string? reference) => Log.ConnectionNotAdmitted(logger, code, peer, enforced);

    protected override void First(string code, string peer, string treatment, string page) => Log.FirstConnectionNotAdmitted(logger, code, peer, treatment, page);

    protected override void Further(long count, string code, string peer, string page) => Log.ConnectionsNotAdmittedSummary(logger, count, code, peer, page);
}
