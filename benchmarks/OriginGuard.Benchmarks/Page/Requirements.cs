using OriginGuard.Benchmarks.Results;
using OriginGuard.Benchmarks.Statistics;

namespace OriginGuard.Benchmarks.Page;

/// <summary>All bars, in the order of the page. They stand here as they were set, and are not moved to where the figures are.</summary>
internal static class Requirements
{
    private const double Kibibyte = 1024;
    private const double Nanoseconds = 1e9;

    // What is smaller as a whole has no part that goes to the heap of large objects.
    private const double LargeObject = 85_000;

    public static IReadOnlyList<Requirement> All { get; } = [.. Lookups(), .. Tables(), .. Requests(), .. Refusals()];

    private static IEnumerable<Requirement> Lookups()
    {
        const string Number = "`Contains(uint)`, ";
        const string Wide = "`Contains(UInt128)`, ";
        yield return new(Number + "2 networks", "at most 1 ns above a loop without a lookup", AboveTheLoop);
        yield return new(Number + "2 networks", "level with C poptrie (2 to 4 ns there)", results => Beside(results, PoptrieFigure.Ipv4, 2, 1));
        yield return new(Number + "1,000 networks", "level with C poptrie (2.1 ns there)", results => Beside(results, PoptrieFigure.Ipv4, 1_000, 1));
        yield return new(Number + "900,000 networks", "level with C poptrie (5.3 ns there)", results => Beside(results, PoptrieFigure.Ipv4, 900_000, 1));
        yield return new(Wide + "2 networks", "better than C poptrie (9.8 ns there)", results => Beside(results, PoptrieFigure.Ipv6, 2, 1));
        yield return new(Wide + "1,000 networks", "better than C poptrie (8.7 ns there)", results => Beside(results, PoptrieFigure.Ipv6, 1_000, 1));
        yield return new(Wide + "160,000 networks", "better than C poptrie (10.7 ns there)", results => Beside(results, PoptrieFigure.Ipv6, 160_000, 1));
        foreach (var name in new[] { "Contains(IPAddress)", "TryGetNetwork" })
        {
            yield return new($"`{name}`", "allocates nothing", results => Allocation(
                [.. results.BenchmarksOf(Suites.Ipv4).Concat(results.BenchmarksOf(Suites.Ipv6)).Where(figure => figure.Name.StartsWith(name, StringComparison.Ordinal))]));
        }
    }

    private static IEnumerable<Requirement> Tables()
    {
        yield return new("Memory, 2 networks", "at most 16 KiB", results => Memory(results, 2, 0, 16 * Kibibyte));
        yield return new("Memory, 900,000 + 160,000 networks", "at most 24 MiB", results => Memory(results, 900_000, 160_000, 24 * Kibibyte * Kibibyte));
        yield return new("Building 900,000 + 160,000 networks", "under 1 s; C poptrie: 2.2 s", results =>
            results.Benchmark(Suites.Build, "Create", "Table=Full") is { } build ? new(Figures.Duration(build.Median), build.Median < 1 * Nanoseconds) : null);
        yield return new("Building 2 networks", "no large object", results =>
            results.Benchmark(Suites.Build, "Create", "Table=RealRecord")?.AllocatedBytes is { } bytes ? new($"{Figures.Bytes(bytes)} in all", bytes < LargeObject) : null);
    }

    private static IEnumerable<Requirement> Requests()
    {
        const string Admitted = "admitted: address, secret";
        yield return new("Admitted by address and secret", "allocates nothing", results =>
            results.Benchmark(Suites.Pipeline, Admitted) is { } guard ? Allocation([guard]) : null);
        yield return new("Admitted by address and secret", "at most 500 ns", results =>
            results.Benchmark(Suites.Pipeline, Admitted) is { } guard && results.Benchmark(Suites.Pipeline, "no guard") is { } none
                ? new(Figures.Duration(guard.Median - none.Median), guard.Median - none.Median <= 500)
                : null);
        yield return new("Admitted by address and secret", "at most 1.2 × `UseForwardedHeaders` with two networks", results =>
            results.Benchmark(Suites.Pipeline, Admitted) is { } guard && results.Benchmark(Suites.Pipeline, Suites.ForwardedHeaders) is { } peer && results.Benchmark(Suites.Pipeline, "no guard") is { } none
                ? new(
                    $"{Figures.Duration(guard.Median - none.Median)} beside {Figures.Duration(peer.Median - none.Median)}: {Figures.Times((guard.Median - none.Median) / (peer.Median - none.Median))}",
                    guard.Median - none.Median <= 1.2 * (peer.Median - none.Median))
                : null);
        yield return new("64 requests at once behind address and secret", "at least 0.75 of the unguarded origin's", results =>
            results.Pair(Suites.Throughput, Suites.Pipelined)?.ThroughputRatio() is { } ratio ? new(Figures.Share(ratio), ratio.Median >= 0.75) : null);
        yield return new("Requests per second behind address and secret", "at least 0.97 of the unguarded origin's", results =>
            results.Pair(Suites.Throughput, Suites.AddressAndSecret) is { } guard && results.Pair(Suites.Throughput, Suites.Control) is { } control
                && guard.ThroughputRatio(control) is var ratio
                ? new(Figures.Share(ratio), ratio.Median >= 0.97)
                : null);
        yield return new("IAP, the whole scheme", "at most 1.3 × the bare ECDSA verification", results =>
            results.Benchmark(Suites.Iap, "scheme") is { } scheme && results.Benchmark(Suites.Iap, "ECDsa.VerifyData") is { } bare
                ? new(Figures.Times(scheme.Median / bare.Median), scheme.Median <= 1.3 * bare.Median)
                : null);
    }

    private static IEnumerable<Requirement> Refusals()
    {
        yield return new("Refused by the middleware", "at most 1.2 × the CPU of an endpoint that answers 403", results =>
            results.PairsOf(Suites.Refusals).FirstOrDefault()?.CpuRatio() is { } ratio ? new(Figures.Times(ratio.Median), ratio.Median <= 1.2) : null);
        yield return new("Refused on the connection, before TLS", "at least 10 × less CPU than after the TLS handshake", results =>
            results.PairsOf(Suites.Connections).FirstOrDefault()?.CpuRatio() is { } ratio ? new($"{Figures.Times(1 / ratio.Median)} less", ratio.Median <= 0.1) : null);
    }

    private static Finding? Beside(PerformanceResults results, string family, int networks, double share)
    {
        if (results.Poptrie.FirstOrDefault(figure => (figure.Family, figure.Networks) == (family, networks)) is not { } figure)
        {
            return null;
        }

        var (trie, poptrie, ratio) = (Spread.Of(figure.Trie), Spread.Of(figure.Poptrie), figure.Ratio());
        return new($"{Figures.Short(trie.Median)} ns beside {Figures.Short(poptrie.Median)}: {Figures.Times(ratio.Median)}", ratio.Median <= share);
    }

    private static Finding? AboveTheLoop(PerformanceResults results)
    {
        var trie = results.Benchmark(Suites.Ipv4, "Contains(uint)", "Networks=2");
        var loop = results.Benchmark(Suites.Ipv4, Suites.NoLookup, "Networks=2");
        return trie is null || loop is null ? null : new($"{Figures.Short(trie.Median)} ns beside {Figures.Short(loop.Median)}", trie.Median - loop.Median <= 1);
    }

    private static Finding? Memory(PerformanceResults results, int ipv4, int ipv6, double bytes) =>
        results.Memory.FirstOrDefault(figure => (figure.Ipv4Networks, figure.Ipv6Networks) == (ipv4, ipv6)) is { } memory
            ? new(Figures.Bytes(memory.RetainedBytes), memory.RetainedBytes <= bytes)
            : null;

    private static Finding? Allocation(IReadOnlyList<BenchmarkFigure> figures) =>
        figures.Count > 0 && figures.All(figure => figure.AllocatedBytes is not null)
            ? new(Figures.Bytes(figures.Max(figure => figure.AllocatedBytes!.Value)), figures.All(figure => figure.AllocatedBytes == 0))
            : null;
}
