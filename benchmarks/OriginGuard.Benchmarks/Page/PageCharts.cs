using System.Globalization;
using OriginGuard.Benchmarks.Charts;
using OriginGuard.Benchmarks.Results;

namespace OriginGuard.Benchmarks.Page;

/// <summary>The charts of the page, by file name. What was not measured is not drawn.</summary>
internal static class PageCharts
{
    public const string Ipv4 = "lookup-ipv4.svg";
    public const string Ipv6 = "lookup-ipv6.svg";
    public const string Memory = "memory.svg";
    public const string Throughput = "throughput.svg";
    public const string Networks = "networks.svg";
    public const string Secrets = "secrets.svg";
    public const string Profile = "profile.svg";
    public const string Request = "request.svg";
    public const string Refusals = "refusals.svg";
    public const string Connections = "connections.svg";
    public const string Iap = "iap.svg";

    public static SortedDictionary<string, string> Draw(PerformanceResults results)
    {
        var charts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add(charts, Ipv4, Lookup(results, Suites.Ipv4, "One IPv4 lookup", "Contains(uint)"));
        Add(charts, Ipv6, Lookup(results, Suites.Ipv6, "One IPv6 lookup", "Contains(UInt128)"));
        Add(charts, Memory, Retained(results));
        Add(charts, Throughput, Ratios(results));
        Add(charts, Networks, Growth(results, Suites.NetworkGrowth, "A request, whatever the number of networks", "networks"));
        Add(charts, Secrets, Growth(results, Suites.SecretGrowth, "A request, whatever the number of secrets", "secrets"));
        Add(charts, Profile, Profiled(results));
        Add(charts, Request, InProcess(results));
        Add(charts, Refusals, Refused(results));
        Add(charts, Connections, RefusedConnections(results));
        Add(charts, Iap, Assertion(results));
        return charts;
    }

    private static void Add(SortedDictionary<string, string> charts, string name, string? svg)
    {
        if (svg is not null)
        {
            charts.Add(name, svg);
        }
    }

    private static string? Lookup(PerformanceResults results, string suite, string title, string ours)
    {
        (string Name, string Label)[] ways =
        [
            (ours, "OriginGuard"), ("sorted ranges, binary search", "sorted, binary search"), ("linear, IPNetwork.Contains", "IPNetwork, one by one"),
            ("KnownIPNetworks, IPv4-mapped", "KnownIPNetworks"),
        ];
        var series = ways
            .Select(way => new LineSeries(way.Label, way.Name == ours, [.. results.BenchmarksOf(suite).Where(figure => figure.Name == way.Name)
                .Select(figure => (SizeOf(figure), figure.Median)).OrderBy(point => point.Item1)]))
            .Where(line => line.Points.Count > 0).ToList();
        return series.Count == 0 ? null
            : LineChart.Draw(title, "Time for each address, random and half of them inside; logarithmic scales, lower is better", "networks", series, true, Figures.Tick, Figures.Duration);
    }

    private static double SizeOf(BenchmarkFigure figure) =>
        double.Parse(figure.Parameters.AsSpan(figure.Parameters.IndexOf('=', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);

    private static string? Retained(PerformanceResults results)
    {
        LineSeries[] series =
        [
            new("IPv4", true, [.. results.Memory.Where(figure => figure is { Ipv4Networks: > 0, Ipv6Networks: 0 }).Select(figure => ((double)figure.Ipv4Networks, (double)figure.RetainedBytes))]),
            new("IPv6, to 160,000", false, [.. results.Memory.Where(figure => figure is { Ipv4Networks: 0, Ipv6Networks: > 0 }).Select(figure => ((double)figure.Ipv6Networks, (double)figure.RetainedBytes))]),
        ];
        return results.Memory.Count == 0 ? null
            : LineChart.Draw("What a trie keeps in memory", "Bytes on the heap; logarithmic scales, lower is better", "networks", series, true, Figures.BytesTick, Figures.BytesTick);
    }

    private static string? Ratios(PerformanceResults results)
    {
        Interval[] rows = [.. results.PairsOf(Suites.Throughput).Select((pair, index) =>
            new Interval(pair.Name, pair.ThroughputRatio(), Figures.Share(pair.ThroughputRatio().Median), index > 0))];

        // A signature for each request is another order of cost, and would push all else into one corner.
        rows = [.. rows.Where(row => row.Spread.Median > 0.5)];
        return rows.Length == 0 ? null : IntervalChart.Draw(
            "Requests per second, beside the same origin without a guard",
            "Kestrel under keep-alive load, the origin on one core; medians and middle halves of neighbouring rounds",
            rows,
            [new Mark("bar 0.97", 0.97), new Mark("no guard", 1)]);
    }

    private static string? Growth(PerformanceResults results, string suite, string title, string sizes)
    {
        PairFigure[] pairs = [.. results.PairsOf(suite).OrderBy(pair => pair.Size)];
        return pairs.Length == 0 ? null : LineChart.Draw(
            title,
            "Processor time of the origin for each request, median; lower is better",
            sizes,
            [
                new("no guard", false, [.. pairs.Select(pair => ((double)pair.Size, PairFigure.Cpu(pair.Reference).Median))]),
                new("OriginGuard", true, [.. pairs.Select(pair => ((double)pair.Size, PairFigure.Cpu(pair.Subject).Median))]),
            ],
            false,
            value => Figures.Tick(value * 1000),
            value => Figures.Duration(value * 1000));
    }

    private static string? Profiled(PerformanceResults results)
    {
        Bar[] bars = [.. results.Profile.Select(figure => new Bar(figure.Part, figure.Share, Figures.Percent(figure.Share), true))];
        return bars.Length == 0 ? null : BarChart.Draw("Where the guard's time goes", "Share of the samples inside the guard: Kestrel, one core, 64 admitted requests at once", bars);
    }

    private static string? InProcess(PerformanceResults results)
    {
        // The signature is shown by itself, in its own chart.
        Bar[] bars = [.. results.BenchmarksOf(Suites.Pipeline).Where(figure => !figure.Name.Contains("IAP", StringComparison.Ordinal))
            .Select(figure => new Bar(figure.Name, figure.Median, Figures.Duration(figure.Median), figure.Name != "no guard"))];
        return bars.Length == 0 ? null : BarChart.Draw("What the guard does to one request", "Through the middleware in process, without server and socket; lower is better", bars);
    }

    private static string? Refused(PerformanceResults results)
    {
        if (results.PairsOf(Suites.Refusals).FirstOrDefault() is not { } pair)
        {
            return null;
        }

        var (endpoint, guard) = (PairFigure.Cpu(pair.Reference).Median, PairFigure.Cpu(pair.Subject).Median);
        return BarChart.Draw(
            "What a refused request costs the origin",
            "Processor time of the origin for each request on open connections, median; lower is better",
            [new("an endpoint that answers 403", endpoint, Micro(endpoint), false), new("OriginGuard", guard, Micro(guard), true)],
            new Mark("bar: twice the endpoint", 2 * endpoint));
    }

    private static string? RefusedConnections(PerformanceResults results)
    {
        if (results.PairsOf(Suites.Connections).FirstOrDefault() is not { } pair)
        {
            return null;
        }

        var (late, early) = (PairFigure.Cpu(pair.Reference).Median, PairFigure.Cpu(pair.Subject).Median);
        return BarChart.Draw(
            "What a refused connection costs the origin",
            "Processor time of the origin for each connection, median; lower is better",
            [new("after the TLS handshake", late, Micro(late), false), new("on the connection, before it", early, Micro(early), true)],
            new Mark("bar: a tenth", late / 10));
    }

    private static string? Assertion(PerformanceResults results)
    {
        Bar[] bars = [.. results.BenchmarksOf(Suites.Iap).Where(figure => !figure.Name.StartsWith("refused", StringComparison.Ordinal)).OrderBy(figure => figure.Median)
            .Select(figure => new Bar(figure.Name, figure.Median, Figures.Duration(figure.Median), figure.Name is "verifier" or "guard's layer" or "scheme"))];
        return bars.Length == 0 ? null : BarChart.Draw(
            "One IAP assertion",
            "From the bare signature to the whole authentication scheme; lower is better",
            bars,
            results.Benchmark(Suites.Iap, "ECDsa.VerifyData") is { } bare ? new Mark("bar: 1.3 × the bare signature", 1.3 * bare.Median) : null);
    }

    private static string Micro(double microseconds) => $"{Figures.Short(microseconds)} µs";
}
