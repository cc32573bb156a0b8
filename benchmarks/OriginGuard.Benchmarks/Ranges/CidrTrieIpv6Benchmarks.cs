using System.Net;
using BenchmarkDotNet.Attributes;

namespace OriginGuard.Benchmarks.Ranges;

public class CidrTrieIpv6Benchmarks : LookupBenchmarks<UInt128>
{
    [Params(2, 1_000, 160_000)]
    public override int Networks { get; set; }

    [Benchmark(Baseline = true, OperationsPerInvoke = Numbers, Description = "Contains(UInt128)")]
    public int Number() => Traffic.CountInside(Trie, Addresses);

    private protected override IPNetwork[] Table(int count) => MeasuredNetworks.Ipv6(count);

    private protected override UInt128[] TrafficFor(IPNetwork[] networks) => Traffic.Ipv6(networks, Numbers);

    private protected override IPAddress ToAddress(UInt128 address) => RoutingTable.ToIpv6(address);
}
