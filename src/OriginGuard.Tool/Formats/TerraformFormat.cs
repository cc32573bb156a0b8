using System.Net;

namespace OriginGuard.Tool.Formats;

/// <summary>Local values in HCL.</summary>
internal static class TerraformFormat
{
    public static string Render(RangeSet ranges) =>
        FileHead.Render(ranges, "--format terraform", "Use local.originguard_ipv4_cidrs and local.originguard_ipv6_cidrs in your firewall rules.")
        + $$"""
            locals {
              originguard_ipv4_cidrs = {{List(ranges.IPv4)}}

              originguard_ipv6_cidrs = {{List(ranges.IPv6)}}
            }

            """;

    private static string List(IReadOnlyList<IPNetwork> networks) => networks.Count == 0
        ? "[]"
        : $"[\n{string.Concat(networks.Select(static network => $"    \"{network}\",\n"))}  ]";
}
