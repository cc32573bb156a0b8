using System.Text;

namespace OriginGuard.Sample;

/// <summary>What the console says once everything runs: where to go.</summary>
internal static class Banner
{
    public static string Of(SampleHost sample)
    {
        var text = new StringBuilder().AppendLine();
        if (sample.Simulation is not { } simulation)
        {
            return text
                .AppendLine("OriginGuard sample: the guarded origin alone").AppendLine()
                .Append("  Listening on   ").AppendJoin(", ", sample.Urls).AppendLine()
                .Append("  Configured by  section OriginGuard of ").Append(Path.Combine(sample.ContentRoot, "appsettings.json")).AppendLine()
                .AppendLine("                 (re-read when it changes), the environment and the command line").AppendLine()
                .AppendLine("Ctrl+C stops it.").ToString();
        }

        text.AppendLine("OriginGuard sample: a guarded origin behind a simulated load balancer").AppendLine()
            .Append("  Open this        ").Append(Plain(simulation.LoadBalancer)).AppendLine("   through the load balancer: admitted")
            .Append("  Then try this    ").Append(Plain(simulation.Origin)).Append("   around it, to the origin: ")
            .AppendLine(simulation.HangsUp ? "hung up on" : "refused").AppendLine()
            .Append("  The load balancer connects from ").Append(simulation.Source)
            .Append(", the one address that the DNS server on ").Append(simulation.NameServer).AppendLine(" publishes.");
        if (simulation.FellBack)
        {
            text.AppendLine("  (This system cannot bind 127.0.0.2, so that address is ::1, and direct requests come from 127.0.0.1.)");
        }

        if (!simulation.SignsIn)
        {
            text.AppendLine("  With --Sample:Iap=true it also signs every request in, as Identity-Aware Proxy does.");
        }

        return text.AppendLine().AppendLine("Ctrl+C stops everything.").ToString();
    }

    private static string Plain(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
