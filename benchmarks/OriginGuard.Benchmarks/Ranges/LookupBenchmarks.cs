using System.Net;
using System.Numerics;
using BenchmarkDotNet.Attributes;

namespace OriginGuard.Benchmarks.Ranges;

/// <summary>What one lookup costs, beside the ways that there are without a trie: what both families have in common.</summary>
[MemoryDiagnoser]
public abstract class LookupBenchmarks<TAddress>
    where TAddress : struct, IBinaryInteger<TAddress>
{
    private protected const int Numbers = 1 << 18;
    private protected const int Objects = 1 << 16;
    private protected const int Window = 64;

    private SortedRanges<TAddress> _sorted = new([]);
    private IPNetwork[] _networks = [];
    private IPAddress[] _addresses = [];
    private int _next;

    /// <summary>2 is the real record; the larger ones are shaped like the Internet's table.</summary>
    public abstract int Networks { get; set; }

    private protected CidrTrie Trie { get; private set; } = CidrTrie.Create([]);

    private protected TAddress[] Addresses { get; private set; } = [];

    [GlobalSetup]
    public void Build()
    {
        _networks = Table(Networks);
        Trie = CidrTrie.Create(_networks);
        _sorted = new(_networks.Select(network => RoutingTable.ToRange(network))
            .Select(range => (TAddress.CreateTruncating(range.First), TAddress.CreateTruncating(range.Last))));
        Addresses = TrafficFor(_networks);
        _addresses = [.. Addresses.Take(Objects).Select(ToAddress)];
        Prepare(_networks, _addresses);
    }

    [Benchmark(OperationsPerInvoke = Objects, Description = "Contains(IPAddress)")]
    public int Address() => Count(_addresses);

    [Benchmark(OperationsPerInvoke = Objects, Description = "TryGetNetwork")]
    public int Network()
    {
        var inside = 0;
        foreach (var address in _addresses)
        {
            inside += Trie.TryGetNetwork(address, out _) ? 1 : 0;
        }

        return inside;
    }

    [Benchmark(OperationsPerInvoke = Numbers, Description = "sorted ranges, binary search")]
    public int Sorted()
    {
        var (sorted, inside) = (_sorted, 0);
        foreach (var address in Addresses)
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

    private protected abstract IPNetwork[] Table(int count);

    private protected abstract TAddress[] TrafficFor(IPNetwork[] networks);

    private protected abstract IPAddress ToAddress(TAddress address);

    private protected virtual void Prepare(IPNetwork[] networks, IPAddress[] addresses)
    {
    }

    private protected int Count(IPAddress[] addresses)
    {
        var inside = 0;
        foreach (var address in addresses)
        {
            inside += Trie.Contains(address) ? 1 : 0;
        }

        return inside;
    }

    // A scan of a full table takes milliseconds: a few addresses at a time, and other ones each time.
    private protected ReadOnlySpan<IPAddress> NextWindow(IPAddress[] addresses)
    {
        _next = (_next + Window) & (Objects - 1);
        return addresses.AsSpan(_next, Window);
    }
}
