using System.Buffers;

namespace OriginGuard.Arming;

/// <summary>
/// The user agents of monitors and probes, which an operator may have set up long ago. Only these names are kept, never what a client has written; and a name proves
/// nothing.
/// </summary>
internal static class KnownAgents
{
    /// <summary>Google's health checks, which share their networks with the load balancer where the back end is at Google.</summary>
    public const string GoogleHealthCheck = "GoogleHC";

    private const int MostRead = 256;

    private static readonly string[] Names =
    [
        GoogleHealthCheck, "GoogleStackdriverMonitoring", "kube-probe", "Prometheus", "Blackbox Exporter", "ELB-HealthChecker", "Amazon-Route53-Health-Check-Service", "UptimeRobot", "Pingdom",
        "StatusCake", "Datadog", "Site24x7", "Better Uptime", "Better Stack", "HetrixTools", "updown.io", "NewRelicPinger", "Checkly", "check_http", "Zabbix", "Consul Health Check",
        "Envoy/HC", "Uptime-Kuma", "Cloud Scheduler", "Google-Cloud-Scheduler", "APIs-Google",
    ];

    private static readonly SearchValues<string> Any = SearchValues.Create(Names, StringComparison.OrdinalIgnoreCase);

    public static string? Find(string? userAgent)
    {
        var text = userAgent.AsSpan(0, Math.Min(userAgent?.Length ?? 0, MostRead));
        if (!text.ContainsAny(Any))
        {
            return null;
        }

        foreach (var name in Names)
        {
            if (text.Contains(name, StringComparison.OrdinalIgnoreCase))
            {
                return name;
            }
        }

        return null;
    }

    public static bool Knows(string name) => Names.Contains(name, StringComparer.Ordinal);
}
