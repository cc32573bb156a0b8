using System.Net;
using System.Net.Sockets;
using OriginGuard.Networks;
using OriginGuard.PublishedLists;

namespace OriginGuard.Tool.Formats;

/// <summary>What one or more records publish together: each network once, IPv4 first, in the order of the addresses. Immutable.</summary>
internal sealed class RangeSet
{
    public RangeSet(IReadOnlyList<string> records, IEnumerable<IPNetwork> networks, TimeSpan timeToLive, Corroboration corroboration = Corroboration.NotAsked)
    {
        Records = records;
        TimeToLive = timeToLive;
        Corroboration = corroboration;
        Networks = [.. NetworkSet.InOrder(networks.Distinct())];
        IPv4 = [.. Networks.Where(static network => network.BaseAddress.AddressFamily is AddressFamily.InterNetwork)];
        IPv6 = [.. Networks.Where(static network => network.BaseAddress.AddressFamily is AddressFamily.InterNetworkV6)];
    }

    public IReadOnlyList<string> Records { get; }

    /// <summary>What the origin stands on.</summary>
    public OriginPlatform Platform { get; init; }

    /// <summary>The operator's own among the networks, in the order in which they were given.</summary>
    public IReadOnlyList<IPNetwork> Own { get; init; } = [];

    /// <summary>The words of the command line that chose these networks; empty for those of Google's record and nothing else.</summary>
    public string Choice { get; init; } = "";

    public IReadOnlyList<IPNetwork> Networks { get; }

    public IReadOnlyList<IPNetwork> IPv4 { get; }

    public IReadOnlyList<IPNetwork> IPv6 { get; }

    /// <summary>The least of the records' times to live; zero where there is no record.</summary>
    public TimeSpan TimeToLive { get; }

    /// <summary>What Google's lists say about the answer of Google's record.</summary>
    public Corroboration Corroboration { get; }

    /// <summary>The same addresses in the fewest networks.</summary>
    public RangeSet Aggregate() => new(Records, NetworkSet.Aggregate(Networks), TimeToLive, Corroboration) { Platform = Platform, Own = Own, Choice = $"{Choice} --aggregate" };
}
