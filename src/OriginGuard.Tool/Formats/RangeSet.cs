using System.Net;
using System.Net.Sockets;

namespace OriginGuard.Tool.Formats;

/// <summary>What one or more records publish together: each network once, IPv4 first, in the order of the addresses. Immutable.</summary>
internal sealed class RangeSet
{
    public RangeSet(IReadOnlyList<string> records, IEnumerable<IPNetwork> networks, TimeSpan timeToLive)
    {
        Records = records;
        TimeToLive = timeToLive;
        Networks = [.. networks.Distinct().OrderBy(static network => Key(network), StringComparer.Ordinal)];
        IPv4 = [.. Networks.Where(static network => network.BaseAddress.AddressFamily is AddressFamily.InterNetwork)];
        IPv6 = [.. Networks.Where(static network => network.BaseAddress.AddressFamily is AddressFamily.InterNetworkV6)];
    }

    public IReadOnlyList<string> Records { get; }

    public IReadOnlyList<IPNetwork> Networks { get; }

    public IReadOnlyList<IPNetwork> IPv4 { get; }

    public IReadOnlyList<IPNetwork> IPv6 { get; }

    /// <summary>The least of the records' times to live.</summary>
    public TimeSpan TimeToLive { get; }

    // Hexadecimal sorts as the numbers do; the family's length sorts IPv4 first.
    private static string Key(IPNetwork network)
    {
        var bytes = network.BaseAddress.GetAddressBytes();
        return $"{bytes.Length:D2}{Convert.ToHexString(bytes)}{network.PrefixLength:D3}";
    }
}
