using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OriginGuard.Sample.Endpoints;

/// <summary>The guard's health, as <c>/health</c> answers it. A layer that is off is null.</summary>
internal sealed record HealthAnswer(string Status, RangesHealth? Ranges, IapHealth? Iap)
{
    public static HealthAnswer Of(HealthReport report)
    {
        var data = report.Entries["originguard"].Data;
        return new HealthAnswer(
            report.Status.ToString(),
            data.TryGetValue("ranges.source", out var source)
                ? new RangesHealth((string)source, Convert.ToInt64(data["ranges.ageSeconds"], null), Convert.ToInt64(data["ranges.networks"], null))
                : null,
            data.TryGetValue("iap.keys", out var keys)
                ? new IapHealth(Convert.ToInt64(keys, null), Convert.ToInt64(data["iap.ageSeconds"], null))
                : null);
    }
}
