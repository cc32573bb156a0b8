using OriginGuard.Benchmarks.Results;

namespace OriginGuard.Tests.Benchmarks;

/// <summary>Results as a full report leaves them, all bars met or all missed.</summary>
internal static class SampleResults
{
    public static PerformanceResults Empty { get; } = new(Conditions(), [], [], [], [], [], []);

    public static PerformanceResults Met { get; } = Create(1);

    public static PerformanceResults Missed { get; } = Create(1000);

    public static Conditions Conditions(bool isQuick = false, bool isPartial = false) =>
        new("2026-01-02", "dotnet run -- report", "A <fast> | processor", 2, "Linux", ".NET 10", "medium", true, isQuick, isPartial, 20);

    /// <param name="factor">How much dearer everything is that the bars are about.</param>
    private static PerformanceResults Create(double factor) => new(
        Conditions(),
        [
            .. Lookups(Suites.Ipv4, "Contains(uint)", [2, 1_000, 900_000], factor),
            .. Lookups(Suites.Ipv6, "Contains(UInt128)", [2, 1_000, 160_000], factor),
            Benchmark(Suites.Build, "Create", 5e6 * factor, "Table=Full"),
            Benchmark(Suites.Build, "Create", 500, "Table=RealRecord", (long)(1_900 * factor)),
            Benchmark(Suites.Ipv4, Suites.NoLookup, 0.5, "Networks=2"),
            Benchmark(Suites.Pipeline, "no guard", 100),
            Benchmark(Suites.Pipeline, Suites.ForwardedHeaders, 500),
            Benchmark(Suites.Pipeline, "admitted: address, secret", 100 + (400 * factor), "", (long)factor - 1),
            Benchmark(Suites.Iap, "ECDsa.VerifyData", 80_000),
            Benchmark(Suites.Iap, "scheme", 90_000 * factor),
        ],
        [new MemoryFigure(2, 0, (long)(1_000 * factor)), new MemoryFigure(0, 160_000, 5_000_000), new MemoryFigure(900_000, 160_000, (long)(14e6 * factor))],
        [
            Pair(Suites.Throughput, "no guard, against itself", 20, 20),
            Pair(Suites.Throughput, "address, secret", 20, 20.2 * factor),
            Pair(Suites.Throughput, Suites.Pipelined, 20, 24 * factor),
            Pair(Suites.NetworkGrowth, "address", 20, 20.1, 2),
            Pair(Suites.NetworkGrowth, "address", 20, 20.1, 1_000_000),
            Pair(Suites.SecretGrowth, "address, secret", 20, 20.4, 8),
            Pair(Suites.SecretGrowth, "address, secret", 20, 20.3, 1),
            Pair(Suites.Refusals, "refused by the middleware", 20, 23 * factor),
            Pair(Suites.Connections, "refused on the connection", 1_000, 30 * factor),
        ],
        [new ConstantTimeFigure("the guard", 1.2, 1_000_000, 700)],
        [new ProfileFigure("secret: compared", 300, 400, 150), new ProfileFigure("peer: in the ranges", 100, 400, 50)],
        [.. Peers(PoptrieFigure.Ipv4, [2, 1_000, 900_000], factor), .. Peers(PoptrieFigure.Ipv6, [2, 1_000, 160_000], factor)]);

    private static IEnumerable<PoptrieFigure> Peers(string family, int[] sizes, double factor) =>
        sizes.Select(size => new PoptrieFigure(family, size, [1.4 * factor, 1.5 * factor], [3, 3.2]));

    private static IEnumerable<BenchmarkFigure> Lookups(string suite, string name, int[] sizes, double factor) => sizes.SelectMany(size => (BenchmarkFigure[])
    [
        Benchmark(suite, name, 1.4 * factor, $"Networks={size}"),
        Benchmark(suite, "linear, IPNetwork.Contains", 10.0 * size, $"Networks={size}"),
        Benchmark(suite, "Contains(IPAddress)", 3, $"Networks={size}", (long)factor - 1),
        Benchmark(suite, "TryGetNetwork", 4, $"Networks={size}", (long)factor - 1),
    ]);

    private static BenchmarkFigure Benchmark(string suite, string name, double nanoseconds, string parameters = "", long allocated = 0) =>
        new(suite, name, parameters, nanoseconds, nanoseconds, nanoseconds / 50, 30, allocated);

    private static PairFigure Pair(string suite, string name, double reference, double subject, int size = 0) => new(
        suite, name, size, [Round(reference), Round(reference * 1.1), Round(reference * 0.9)], [Round(subject), Round(subject * 1.1), Round(subject * 0.9)]);

    // The origin is busy all the time, so that what a request costs says how many there are.
    private static LoadFigure Round(double microseconds) => new(100_000, microseconds / 10, microseconds / 10);
}
