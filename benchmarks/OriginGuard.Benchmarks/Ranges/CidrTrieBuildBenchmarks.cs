using System.Net;
using BenchmarkDotNet.Attributes;

namespace OriginGuard.Benchmarks.Ranges;

/// <summary>What it takes to build a trie, and what it keeps.</summary>
[MemoryDiagnoser]
[Config(typeof(RetainedColumn.Config))]
public class CidrTrieBuildBenchmarks
{
    private IPNetwork[] _networks = [];

    [Params(NetworkTable.RealRecord, NetworkTable.Thousand, NetworkTable.Full)]
    public NetworkTable Table { get; set; }

    [GlobalSetup]
    public void Read() => _networks = Networks(Table);

    [Benchmark]
    public CidrTrie Create() => CidrTrie.Create(_networks);

    internal static IPNetwork[] Networks(NetworkTable table) => table switch
    {
        NetworkTable.RealRecord => [IPNetwork.Parse("34.96.0.0/20"), IPNetwork.Parse("34.127.192.0/18")],
        NetworkTable.Thousand => [.. RoutingTable.Ipv4(900_000)[..1_000], .. RoutingTable.Ipv6(160_000)[..1_000]],
        _ => [.. RoutingTable.Ipv4(900_000), .. RoutingTable.Ipv6(160_000)],
    };
}
