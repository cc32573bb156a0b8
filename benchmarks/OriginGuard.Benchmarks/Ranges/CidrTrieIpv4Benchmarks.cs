using System.Net;
using BenchmarkDotNet.Attributes;

namespace OriginGuard.Benchmarks.Ranges;

/// <summary>What one IPv4 lookup costs, beside the ways that there are without a trie.</summary>
[MemoryDiagnoser]
public class CidrTrieIpv4Benchmarks
{
    private const int Numbers = 1 << 18;
    private const int Objects = 1 << 16;
    private const int Window = 64;

    private CidrTrie _trie = CidrTrie.Create([]);
    private SortedRanges<uint> _sorted = new([]);
    private KnownNetworks _known = new([]);
    private IPNetwork[] _networks = [];
    private uint[] _numbers = [];
    private IPAddress[] _addresses = [];
    private IPAddress[] _mapped = [];
    private int _next;

    /// <summary>2 is the real record; the larger ones are shaped like the Internet's table.</summary>
    [Params(2, 1_000, 900_000)]
    public int Networks { get; set; }

    [GlobalSetup]
    public void Build()
    {
        _networks = Networks == 2
            ? [IPNetwork.Parse("34.96.0.0/20"), IPNetwork.Parse("34.127.192.0/18")]
            : RoutingTable.Ipv4(900_000)[..Networks];
        _trie = CidrTrie.Create(_networks);
        _sorted = new(_networks.Select(network => RoutingTable.ToRange(network)).Select(range => ((uint)range.First, (uint)range.Last)));
        _known = new(_networks);
        _numbers = Traffic.Ipv4(_networks, Numbers);
        _addresses = [.. _numbers.Take(Objects).Select(RoutingTable.ToIpv4)];
        _mapped = [.. _addresses.Select(address => address.MapToIPv6())];
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Numbers, Description = "Contains(uint)")]
    public int Number()
    {
        var (trie, inside) = (_trie, 0);
        foreach (var address in _numbers)
        {
            inside += trie.Contains(address) ? 1 : 0;
        }

        return inside;
    }

    [Benchmark(OperationsPerInvoke = Objects, Description = "Contains(IPAddress)")]
    public int Address() => Count(_addresses);

    [Benchmark(OperationsPerInvoke = Objects, Description = "Contains(IPAddress), IPv4-mapped")]
    public int Mapped() => Count(_mapped);

    [Benchmark(OperationsPerInvoke = Objects, Description = "TryGetNetwork")]
    public int Network()
    {
        var inside = 0;
        foreach (var address in _addresses)
        {
            inside += _trie.TryGetNetwork(address, out _) ? 1 : 0;
        }

        return inside;
    }

    [Benchmark(OperationsPerInvoke = Numbers, Description = "sorted ranges, binary search")]
    public int Sorted()
    {
        var (sorted, inside) = (_sorted, 0);
        foreach (var address in _numbers)
        {
            inside += sorted.Contains(address) ? 1 : 0;
        }

        return inside;
    }

    [Benchmark(OperationsPerInvoke = Window, Description = "linear, IPNetwork.Contains")]
    public int Linear()
    {
        var inside = 0;
        foreach (var address in NextWindow(_addresses))
        {
            foreach (var network in _networks)
            {
                if (network.Contains(address))
                {
                    inside++;
                    break;
                }
            }
        }

        return inside;
    }

    [Benchmark(OperationsPerInvoke = Window, Description = "KnownIPNetworks, IPv4-mapped")]
    public int Known()
    {
        var inside = 0;
        foreach (var address in NextWindow(_mapped))
        {
            inside += _known.Contains(address) ? 1 : 0;
        }

        return inside;
    }

    // A scan of a full table takes milliseconds: a few addresses at a time, and other ones each time.
    private ReadOnlySpan<IPAddress> NextWindow(IPAddress[] addresses)
    {
        _next = (_next + Window) & (Objects - 1);
        return addresses.AsSpan(_next, Window);
    }

    private int Count(IPAddress[] addresses)
    {
        var inside = 0;
        foreach (var address in addresses)
        {
            inside += _trie.Contains(address) ? 1 : 0;
        }

        return inside;
    }
}
