using System.Net;
using BenchmarkDotNet.Attributes;

namespace OriginGuard.Benchmarks.Ranges;

/// <summary>
/// Why IPNetwork2 works off the request only: the same addresses asked of it, of the framework's networks and of the trie. No full table: it would take seconds.
/// </summary>
[MemoryDiagnoser]
public class IPNetwork2Benchmarks
{
    private const int Asked = 4096;

    private IPNetwork[] _framework = [];
    private IPNetwork2[] _package = [];
    private CidrTrie _trie = CidrTrie.Create([]);
    private IPAddress[] _addresses = [];

    [Params(2, 1000)]
    public int Networks { get; set; }

    [GlobalSetup]
    public void Build()
    {
        _framework = MeasuredNetworks.Ipv4(Networks);
        _package = [.. _framework.Select(static network => new IPNetwork2(network.BaseAddress, (byte)network.PrefixLength))];
        _trie = CidrTrie.Create(_framework);
        _addresses = [.. Traffic.Ipv4(_framework, Asked).Select(RoutingTable.ToIpv4)];
    }

    [Benchmark(OperationsPerInvoke = Asked, Baseline = true, Description = "CidrTrie.Contains(IPAddress)")]
    public int Trie() => _addresses.Count(_trie.Contains);

    [Benchmark(OperationsPerInvoke = Asked, Description = "linear, IPNetwork.Contains")]
    public int Framework()
    {
        var inside = 0;
        foreach (var address in _addresses)
        {
            foreach (var network in _framework)
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

    [Benchmark(OperationsPerInvoke = Asked, Description = "linear, IPNetwork2.Contains")]
    public int Package()
    {
        var inside = 0;
        foreach (var address in _addresses)
        {
            foreach (var network in _package)
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
}
