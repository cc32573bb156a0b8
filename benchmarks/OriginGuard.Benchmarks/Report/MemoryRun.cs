using OriginGuard.Benchmarks.Ranges;
using OriginGuard.Benchmarks.Results;

namespace OriginGuard.Benchmarks.Report;

/// <summary>What tries of several sizes keep on the heap.</summary>
internal static class MemoryRun
{
    private static readonly (int Ipv4, int Ipv6)[] Sizes =
        [(2, 0), (10, 0), (100, 0), (1_000, 0), (10_000, 0), (100_000, 0), (900_000, 0), (0, 2), (0, 1_000), (0, 160_000), (900_000, 160_000)];

    public static IReadOnlyList<MemoryFigure> Measure() => [.. Sizes.Select(size => Measure(size.Ipv4, size.Ipv6))];

    private static MemoryFigure Measure(int ipv4, int ipv6)
    {
        var four = ipv4 == 2 ? CidrTrieBuildBenchmarks.Networks(NetworkTable.RealRecord) : ipv4 == 0 ? [] : RoutingTable.Ipv4(900_000)[..ipv4];
        return new MemoryFigure(ipv4, ipv6, RetainedSize.Of([.. four, .. ipv6 == 0 ? [] : RoutingTable.Ipv6(160_000)[..ipv6]]));
    }
}
