using System.Net;
using BenchmarkDotNet.Attributes;
using OriginGuard.Benchmarks.Results;

namespace OriginGuard.Benchmarks.Ranges;

/// <summary>IPv4: also as a dual-stack socket reports its peers, and the way that the framework's forwarded headers go.</summary>
public class CidrTrieIpv4Benchmarks : LookupBenchmarks<uint>
{
    private KnownNetworks _known = new([]);
    private IPAddress[] _mapped = [];

    [Params(2, 1_000, 900_000)]
    public override int Networks { get; set; }

    [Benchmark(Baseline = true, OperationsPerInvoke = Numbers, Description = "Contains(uint)")]
    public int Number() => Traffic.CountInside(Trie, Addresses);

    [Benchmark(OperationsPerInvoke = Numbers, Description = Suites.NoLookup)]
    public int NoLookup() => Traffic.CountOdd(Addresses);

    [Benchmark(OperationsPerInvoke = Objects, Description = "Contains(IPAddress), IPv4-mapped")]
    public int Mapped() => Count(_mapped);

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

    private protected override IPNetwork[] Table(int count) => MeasuredNetworks.Ipv4(count);

    private protected override uint[] TrafficFor(IPNetwork[] networks) => Traffic.Ipv4(networks, Numbers);

    private protected override IPAddress ToAddress(uint address) => RoutingTable.ToIpv4(address);

    private protected override void Prepare(IPNetwork[] networks, IPAddress[] addresses)
    {
        _known = new(networks);
        _mapped = [.. addresses.Select(address => address.MapToIPv6())];
    }
}
