using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using DnsClient;
using OriginGuard.ForeignText;

namespace OriginGuard.Dns;

/// <summary>Which servers there are to ask: those of the options, or the system's.</summary>
internal static class NameServers
{
    /// <summary>The servers in the order in which they are asked. What does not parse is passed over: the validator has named it.</summary>
    public static IReadOnlyList<IPEndPoint> From(DnsOptions options)
    {
        if (options.Servers.Length == 0)
        {
            return ReadSystem();
        }

        List<IPEndPoint> servers = [];
        foreach (var text in options.Servers)
        {
            if (TryParse(text, out var server))
            {
                servers.Add(server);
            }
        }

        return servers;
    }

    /// <summary>Reads <c>192.0.2.1</c>, <c>192.0.2.1:5353</c>, <c>2001:db8::1</c> and <c>[2001:db8::1]:5353</c>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out IPEndPoint? server) => TryParse(text, DnsConstants.Port, out server);

    /// <summary>The same, of a server that is not one of DNS.</summary>
    /// <param name="text">The text.</param>
    /// <param name="otherwise">The port where the text names none.</param>
    /// <param name="server">The server.</param>
    public static bool TryParse(string? text, int otherwise, [NotNullWhen(true)] out IPEndPoint? server)
    {
        server = null;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        var isBracketed = text[0] == '[';
        var (address, port) = isBracketed ? SplitBracketed(text) : Split(text);
        if (!TryParseAddress(address, isBracketed, out var parsed) || !TryParsePort(port, otherwise, out var number))
        {
            return false;
        }

        server = new IPEndPoint(parsed, number);
        return true;
    }

    private static IPEndPoint[] ReadSystem()
    {
        IPEndPoint[] servers = [.. NameServer.ResolveNameServers(skipIPv6SiteLocal: true, fallbackToGooglePublicDns: false)
            .Select(static server => new IPEndPoint(IPAddress.Parse(server.Address), server.Port)).Distinct()];

        // resolv.conf(5): without a nameserver line, the one on this machine.
        return servers.Length > 0 ? servers : [new IPEndPoint(IPAddress.Loopback, DnsConstants.Port)];
    }

    private static (string Address, string? Port) SplitBracketed(string text)
    {
        var close = text.IndexOf(']', StringComparison.Ordinal);
        return close < 0 ? (string.Empty, null)
            : close == text.Length - 1 ? (text[1..close], null)
            : text[close + 1] == ':' ? (text[1..close], text[(close + 2)..])
            : (string.Empty, null);
    }

    // One colon parts an IPv4 address from its port; several are an IPv6 address of its own.
    private static (string Address, string? Port) Split(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon >= 0 && colon == text.LastIndexOf(':') ? (text[..colon], text[(colon + 1)..]) : (text, null);
    }

    private static bool TryParseAddress(string text, bool isBracketed, [NotNullWhen(true)] out IPAddress? address) =>
        text.Contains(':', StringComparison.Ordinal)
            ? IPAddress.TryParse(text, out address) && !text.AsSpan().ContainsAny('[', '/')
            : StrictAddress.TryParse(text, out address) && !isBracketed;

    private static bool TryParsePort(string? text, int otherwise, out int port)
    {
        port = otherwise;
        return text is null
            || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= IPEndPoint.MaxPort);
    }
}
