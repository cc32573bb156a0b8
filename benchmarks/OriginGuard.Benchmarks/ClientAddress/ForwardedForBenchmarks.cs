using System.Net;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Primitives;
using OriginGuard.ClientAddress;
using OriginGuard.ForeignText;

namespace OriginGuard.Benchmarks.ClientAddress;

/// <summary>The client's entry of X-Forwarded-For, from the right: what a caller puts on the left must not cost anything.</summary>
[MemoryDiagnoser]
public class ForwardedForBenchmarks
{
    private const int Position = 2;
    private const int HostileLength = 8 * 1024;
    private const string FromTheLoadBalancer = "203.0.113.9,34.98.76.54";

    private readonly ClientAddressResolver _resolver = new(Position);
    private StringValues _lines;

    [ParamsAllValues]
    public ForwardedForHeader Header { get; set; }

    [GlobalSetup]
    public void Write()
    {
        _lines = Header switch
        {
            ForwardedForHeader.ManyEntries => new string(',', HostileLength) + FromTheLoadBalancer,
            ForwardedForHeader.LongEntry => new string('1', HostileLength) + "," + FromTheLoadBalancer,
            _ => FromTheLoadBalancer,
        };
        if (Entry() != 11 || !Address()!.Equals(IPAddress.Parse("203.0.113.9")) || !Split().Equals(Address()))
        {
            throw new InvalidOperationException("The benchmark measures another thing than it says.");
        }
    }

    [Benchmark(Baseline = true, Description = "entry from the right")]
    public int Entry() => ForwardedForReader.TryGetEntry(_lines, Position, out var entry) ? entry.Length : 0;

    [Benchmark(Description = "client's address")]
    public IPAddress? Address() => _resolver.Resolve(_lines);

    [Benchmark(Description = "split the whole header")]
    public IPAddress Split() => IPAddress.Parse(_lines.ToString().Split(',')[^Position].Trim());
}
