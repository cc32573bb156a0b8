namespace OriginGuard.Tool.Formats;

/// <summary>
/// A chain of its own for iptables-restore(8) or ip6tables-restore(8), filled in one commit. The jump into it is set once, by hand: a
/// file cannot add it only where it is missing.
/// </summary>
internal static class IptablesFormat
{
    public static string Render(RangeSet ranges, RuleScope scope)
    {
        var (program, family, other, networks) = scope.Family is RangeFamily.IPv4
            ? ("iptables", "ipv4", "ipv6", ranges.IPv4)
            : ("ip6tables", "ipv6", "ipv4", ranges.IPv6);
        var ports = string.Join(" ", scope.Ports.Select(static port => $"--port {port}"));
        var head = FileHead.Render(
            ranges,
            $"--format iptables --family {family} {ports}",
            $"Load with: {program}-restore --noflush FILE",
            $"Once:      {program} -t raw -I PREROUTING -j ORIGINGUARD",
            "",
            $"This is half of the door. Load the file of --family {other} too, or the port stays open there.",
            "",
            "Packets to this machine's port are dropped unless they come from one of these networks or from this machine itself.",
            "No other port is touched: what your own rules close stays closed. The table is raw, before address translation, so that",
            "the published port of a container is guarded too.");
        return head + $"""
            *raw
            :ORIGINGUARD - [0:0]
            -A ORIGINGUARD -i lo -j RETURN
            -A ORIGINGUARD -m addrtype ! --dst-type LOCAL -j RETURN
            {string.Concat(networks.Select(static network => $"-A ORIGINGUARD -s {network} -j RETURN\n"))}{string.Concat(scope.Ports.Select(Drop))}COMMIT

            """;
    }

    private static string Drop(int port) => $"-A ORIGINGUARD -p tcp -m tcp --dport {port} -j DROP\n-A ORIGINGUARD -p udp -m udp --dport {port} -j DROP\n";
}
