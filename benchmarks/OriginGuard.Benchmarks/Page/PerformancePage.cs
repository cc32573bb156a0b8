using System.Globalization;
using System.Text.RegularExpressions;
using OriginGuard.Benchmarks.Results;
using OriginGuard.Benchmarks.Statistics;

namespace OriginGuard.Benchmarks.Page;

/// <summary>
/// Fills docs/performance.md, whose words are written by hand: what stands between the marks <c>measured: NAME</c> and <c>end</c> is the table of that name.
/// </summary>
internal static partial class PerformancePage
{
    /// <summary>The tables, by the names of the marks.</summary>
    public static IReadOnlyDictionary<string, Func<PerformanceResults, string>> Tables { get; } = new Dictionary<string, Func<PerformanceResults, string>>
    {
        ["bars"] = static results => Markdown.Table(["what", "bar", "measured", "verdict"], [.. Requirements.All.Select(requirement => requirement.Row(results))], textColumns: 2),
        ["machine"] = static results => Machine(results.Conditions),
        ["command"] = static results => $"```sh\n{results.Conditions.Command}\n```",
        [Suites.Ipv4] = static results => Benchmarks(results, Suites.Ipv4),
        [Suites.Ipv6] = static results => Benchmarks(results, Suites.Ipv6),
        ["poptrie"] = static results => Poptrie(results),
        ["memory"] = static results => Memory(results),
        [Suites.Build] = static results => Benchmarks(results, Suites.Build),
        [Suites.Spf] = static results => Benchmarks(results, Suites.Spf),
        [Suites.Dns] = static results => Benchmarks(results, Suites.Dns),
        [Suites.Throughput] = static results => Pairs(results, Suites.Throughput),
        ["profile"] = static results => Profile(results),
        [Suites.NetworkGrowth] = static results => Pairs(results, Suites.NetworkGrowth, "networks"),
        [Suites.SecretGrowth] = static results => Pairs(results, Suites.SecretGrowth, "secrets"),
        [Suites.Refusals] = static results => Pairs(results, Suites.Refusals),
        [Suites.Connections] = static results => Pairs(results, Suites.Connections),
        [Suites.Pipeline] = static results => Benchmarks(results, Suites.Pipeline),
        [Suites.HeaderWalk] = static results => Benchmarks(results, Suites.HeaderWalk),
        [Suites.SecretRing] = static results => Benchmarks(results, Suites.SecretRing),
        [Suites.PlainComparison] = static results => Benchmarks(results, Suites.PlainComparison),
        ["constant-time"] = static results => ConstantTime(results),
        [Suites.ForwardedFor] = static results => Benchmarks(results, Suites.ForwardedFor),
        [Suites.Iap] = static results => Benchmarks(results, Suites.Iap),
    };

    /// <param name="page">The page as it is.</param>
    /// <param name="results">What was measured.</param>
    public static string Fill(string page, PerformanceResults results)
    {
        page = Trial().Replace(page, "");
        if (results.Conditions is { IsQuick: true } or { IsPartial: true })
        {
            page = page.Replace("# Performance\n", $"# Performance\n\n> **A trial, not a measurement.** {(results.Conditions.IsQuick ? "Its rounds are too short for its figures to mean anything." : "Only a part was measured.")} Do not quote it.\n", StringComparison.Ordinal);
        }

        return Mark().Replace(page, mark => $"<!-- measured: {mark.Groups[1].Value} -->\n{Tables[mark.Groups[1].Value](results)}\n<!-- end -->");
    }

    /// <summary>The names of the tables that a page asks for.</summary>
    public static IEnumerable<string> Marks(string page) => Mark().Matches(page).Select(static mark => mark.Groups[1].Value);

    private static string Machine(Conditions run) => Markdown.Table(["", ""],
    [
        ["processor", string.Create(CultureInfo.InvariantCulture, $"{run.Processor}, {run.Cores} logical")],
        ["system", run.OperatingSystem],
        ["runtime", run.Runtime],
        ["date", run.Date],
        ["took", string.Create(CultureInfo.InvariantCulture, $"{run.Minutes:0} minutes")],
        ["job", run.Job],
        ["end to end", run.IsPinned ? "origin on the last core, load on the others" : "origin and load share all cores"],
    ], textColumns: 2);

    private static string Benchmarks(PerformanceResults results, string suite)
    {
        BenchmarkFigure[] figures = [.. results.BenchmarksOf(suite)];
        string[] parameters = figures.Any(static figure => figure.Parameters.Length > 0) ? ["with"] : [];
        return Markdown.Table(["benchmark", .. parameters, "median", "mean ± deviation", "allocated"], [.. figures.Select(figure => (string[])
        [
            figure.Name,
            .. parameters.Select(_ => figure.Parameters),
            Figures.Duration(figure.Median),
            $"{Figures.Duration(figure.Mean)} ± {Figures.Duration(figure.StandardDeviation)}",
            figure.AllocatedBytes is { } bytes ? Figures.Bytes(bytes) : "?",
        ])], 1 + parameters.Length);
    }

    private static string Pairs(PerformanceResults results, string suite, params string[] sizes) => Markdown.Table(
        ["subject", .. sizes, "per second", "ratio", "CPU, reference", "CPU, subject", "busy"], [.. results.PairsOf(suite).Select(pair => (string[])
        [
            pair.Name,
            .. sizes.Select(_ => Figures.Count(pair.Size)),
            Figures.Count(PairFigure.PerSecond(pair.Subject).Median),
            Figures.Share(pair.ThroughputRatio()),
            Figures.Microseconds(PairFigure.Cpu(pair.Reference)),
            Figures.Microseconds(PairFigure.Cpu(pair.Subject)),
            PairFigure.Busy(pair.Subject).Median.ToString("0 %", CultureInfo.InvariantCulture),
        ])]);

    private static string Poptrie(PerformanceResults results) => Markdown.Table(["beside C poptrie", "networks", "trie", "poptrie", "ratio"], [.. results.Poptrie.Select(static figure => (string[])
    [
        figure.Family,
        Figures.Count(figure.Networks),
        Figures.Duration(Spread.Of(figure.Trie).Median),
        Figures.Duration(Spread.Of(figure.Poptrie).Median),
        Figures.Share(figure.Ratio()),
    ])]);

    private static string Memory(PerformanceResults results) => Markdown.Table(["IPv4 networks", "IPv6 networks", "kept on the heap", "for each network"], [.. results.Memory.Select(static figure => (string[])
    [
        Figures.Count(figure.Ipv4Networks),
        Figures.Count(figure.Ipv6Networks),
        Figures.Bytes(figure.RetainedBytes),
        Figures.Bytes((double)figure.RetainedBytes / (figure.Ipv4Networks + figure.Ipv6Networks)),
    ])], textColumns: 0);

    private static string Profile(PerformanceResults results) => Markdown.Table(["part", "share", "time", "samples"],
    [
        .. results.Profile.Select(static figure => (string[])[figure.Part, Figures.Percent(figure.Share), Figures.Duration(figure.Nanoseconds), Figures.Count(figure.Samples)]),
        .. results.Profile.Take(1).Select(first => (string[])["together", "", Figures.Duration(results.Profile.Sum(static figure => figure.Nanoseconds)), Figures.Count(first.OfSamples)]),
    ]);

    private static string ConstantTime(PerformanceResults results) => Markdown.Table(["comparison", "t", "times measured"], [.. results.ConstantTime.Select(static figure => (string[])
    [
        figure.Name, figure.T.ToString("0.0", CultureInfo.InvariantCulture), Figures.Count(figure.Samples),
    ])]);

    [GeneratedRegex(@"<!-- measured: ([\w-]+) -->\n.*?<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Mark();

    [GeneratedRegex(@"\n> \*\*A trial, not a measurement\.\*\*[^\n]*\n")]
    private static partial Regex Trial();
}
