using System.Net;
using Microsoft.Extensions.Logging;

namespace OriginGuard.Telemetry;

/// <summary>Requests that are not admitted.</summary>
internal sealed partial class RequestRefusals(TimeProvider time, ILogger<RequestRefusals> logger) : RefusalLog(time)
{
    protected override void Each(string code, IPAddress? peer, bool enforced, string? reference) => Log.NotAdmitted(logger, code, peer, enforced, reference);

    protected override void First(string code, string peer, string treatment, string page) => Log.FirstNotAdmitted(logger, code, peer, treatment, page);

    protected override void Further(long count, string code, string peer, string page) => Log.NotAdmittedSummary(logger, count, code, peer, page);
}
