using System.Net;

namespace OriginGuard.Tool.Formats;

/// <summary>
/// A table of its own for nft(8). One file is one transaction, so there is no moment without rules, and a file that does not load leaves the
/// former rules in force.
/// </summary>
internal static class NftablesFormat
{
    public static string Render(RangeSet ranges, RuleScope scope)
    {
        var ports = string.Join(" ", scope.Ports.Select(static port => $"--port {port}"));
        var head = FileHead.Render(
            ranges,
            $"--format nftables {ports}",
            "Load with:   nft -f FILE",
            "Remove with: nft delete table inet originguard",
            "",
            "Packets to this machine's port are dropped unless they come from one of these networks or from this machine itself.",
            "No other port and no other table is touched: what your own rules close stays closed.");
        return head + $$"""
            add table inet originguard
            delete table inet originguard

            table inet originguard {
                set load_balancer_ipv4 {
                    type ipv4_addr
                    flags interval
                    auto-merge
            {{Elements(ranges.IPv4)}}    }

                set load_balancer_ipv6 {
                    type ipv6_addr
                    flags interval
                    auto-merge
            {{Elements(ranges.IPv6)}}    }

                # Before address translation, so that the published port of a container is guarded too.
                chain prerouting {
                    type filter hook prerouting priority raw; policy accept;
                    fib daddr type local meta l4proto { tcp, udp } th dport { {{string.Join(", ", scope.Ports)}} } jump origin
                }

                chain origin {
                    iifname "lo" accept
                    ip saddr @load_balancer_ipv4 accept
                    ip6 saddr @load_balancer_ipv6 accept
                    drop
                }
            }

            """;
    }

    // A set without elements is written without the word: nft takes no empty list.
    private static string Elements(IReadOnlyList<IPNetwork> networks) => networks.Count == 0
        ? ""
        : $"        elements = {{\n{string.Concat(networks.Select(static network => $"            {network},\n"))}        }}\n";
}
