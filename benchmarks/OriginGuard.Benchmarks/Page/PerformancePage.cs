using System.Globalization;
using OriginGuard.Benchmarks.Results;
using OriginGuard.Benchmarks.Statistics;

namespace OriginGuard.Benchmarks.Page;

/// <summary>Writes docs/performance.md from what was measured.</summary>
internal sealed class PerformancePage
{
    private const string ByHandStart = "<!-- by hand -->";
    private const string ByHandEnd = "<!-- end by hand -->";

    private readonly Markdown _page = new();
    private readonly PerformanceResults _results;
    private readonly IReadOnlyCollection<string> _charts;
    private readonly string _images;

    private PerformancePage(PerformanceResults results, IReadOnlyCollection<string> charts, string images) => (_results, _charts, _images) = (results, charts, images);

    public static string Write(PerformanceResults results, IReadOnlyCollection<string> charts, string images, string byHand)
    {
        var page = new PerformancePage(results, charts, images);
        page.WriteHead(byHand);
        page.WriteRanges();
        page.WriteOrigin();
        page.WriteRequest();
        page.WriteMethod();
        return page._page.ToString();
    }

    /// <summary>What stands between the marks of a former page: remarks on its figures, which the next page keeps.</summary>
    public static string ByHand(string page)
    {
        var start = page.IndexOf(ByHandStart, StringComparison.Ordinal);
        var end = page.IndexOf(ByHandEnd, StringComparison.Ordinal);
        return start < 0 || end < start ? "" : page[(start + ByHandStart.Length)..end].Trim('\n');
    }

    private void WriteHead(string byHand)
    {
        _page.Heading(1, "Performance");
        if (_results.Conditions.IsQuick || _results.Conditions.IsPartial)
        {
            _page.Paragraph($"> **A trial, not a measurement.** {(_results.Conditions.IsQuick ? "Its rounds are too short for its figures to mean anything." : "Only a part was measured.")} Do not quote it.");
        }

        _page.Paragraph("A guard stands in front of every request, so it must cost next to nothing. This page is written by the benchmark suite from one run on one machine; the bars were set before.");
        _page.Table(["what", "bar", "measured", "verdict"], [.. Requirements.All.Select(requirement => requirement.Row(_results))], textColumns: 2);
        _page.Paragraph("C poptrie is a program of this repository after the paper of Asai and Ohara (SIGCOMM 2015), compiled with `gcc -O3 -march=native` for this run; the trie and it take turns on the same addresses. Figures \"there\" are those of another one on another machine, with which the bars were set.");
        _page.Paragraph(byHand.Length == 0 ? $"{ByHandStart}\n{ByHandEnd}" : $"{ByHandStart}\n{byHand}\n{ByHandEnd}");
        WriteConditions();
    }

    private void WriteConditions()
    {
        var run = _results.Conditions;
        _page.Heading(2, "Machine and command");
        _page.Table(["", ""],
        [
            ["processor", string.Create(CultureInfo.InvariantCulture, $"{run.Processor}, {run.Cores} logical")],
            ["system", run.OperatingSystem],
            ["runtime", run.Runtime],
            ["date", run.Date],
            ["took", string.Create(CultureInfo.InvariantCulture, $"{run.Minutes:0} minutes")],
            ["job", run.Job],
            ["end to end", run.IsPinned ? "origin on the last core, load on the others" : "origin and load share all cores"],
        ], textColumns: 2);
        _page.Code(run.Command);
    }

    private void WriteRanges()
    {
        _page.Heading(2, "Ranges");
        _page.Paragraph("Tables are generated with the prefix lengths of the Internet's routing table, always the same; 2 networks are the real record. Addresses are random, half of them inside, and too many for a processor to learn by heart.");
        Picture(PageCharts.Ipv4, "Time of one IPv4 lookup by number of networks, beside binary search and linear scans");
        WriteBenchmarks(Suites.Ipv4);
        Picture(PageCharts.Ipv6, "Time of one IPv6 lookup by number of networks, beside binary search and a linear scan");
        WriteBenchmarks(Suites.Ipv6);
        _page.Table(["beside C poptrie", "networks", "trie", "poptrie", "ratio"], [.. _results.Poptrie.Select(figure => new[]
        {
            figure.Family,
            Figures.Count(figure.Networks),
            Figures.Duration(Spread.Of(figure.Trie).Median),
            Figures.Duration(Spread.Of(figure.Poptrie).Median),
            Figures.Share(figure.Ratio()),
        })]);
        Picture(PageCharts.Memory, "Memory of a trie by number of networks");
        _page.Table(["IPv4 networks", "IPv6 networks", "kept on the heap", "for each network"], [.. _results.Memory.Select(figure => new[]
        {
            Figures.Count(figure.Ipv4Networks),
            Figures.Count(figure.Ipv6Networks),
            Figures.Bytes(figure.RetainedBytes),
            Figures.Bytes((double)figure.RetainedBytes / (figure.Ipv4Networks + figure.Ipv6Networks)),
        })], textColumns: 0);
        WriteBenchmarks(Suites.Build);
        _page.Paragraph("Records and DNS answers are read on a refresh, never on a request. The hostile ones are made to be as dear as one record and one message allow.");
        WriteBenchmarks(Suites.Spf);
        WriteBenchmarks(Suites.Dns);
    }

    private void WriteOrigin()
    {
        _page.Heading(2, "The origin under load");
        _page.Paragraph("Real Kestrel origins in processes of their own, loaded over loopback on 16 connections: first until the runtime compiles hardly anything anew, then in turn (A B C, then B C A) in rounds of a quarter of a second. Ratios are taken within each turn; figures are medians with their middle half. The first row is no guard against itself: what it differs from 1 by is the noise of the method. The bar of throughput is held against both origins without a guard.");
        Picture(PageCharts.Throughput, "Requests per second relative to the same origin without a guard");
        WritePairs(Suites.Throughput, "");
        WriteProfile();
        Picture(PageCharts.Networks, "Processor time of a request by number of networks");
        WritePairs(Suites.NetworkGrowth, "networks");
        Picture(PageCharts.Secrets, "Processor time of a request by number of secrets");
        WritePairs(Suites.SecretGrowth, "secrets");
        _page.Heading(2, "Refusals");
        _page.Paragraph("The reference is an application without a guard: one that answers 403 without a body, and for mixed traffic one that answers everybody.");
        Picture(PageCharts.Refusals, "Processor time of a refused request beside an endpoint that answers 403");
        WritePairs(Suites.Refusals, "");
        _page.Paragraph("Connections: each makes a full TLS handshake, sends one request and is refused by the middleware; or is refused by the connection guard before the handshake.");
        Picture(PageCharts.Connections, "Processor time of a connection refused before and after the TLS handshake");
        WritePairs(Suites.Connections, "");
    }

    private void WriteProfile()
    {
        if (_results.Profile.Count == 0)
        {
            return;
        }

        _page.Paragraph("What the guard spends its time on, by `perf` on the origin of the row with 64 requests at once, where sockets and kernel take little: samples that fell inside the guard and not inside the application. All code is compiled, none of it by what was learned while it ran, so that it keeps its names; times are shares of the processor time of a request under the profiler, which makes everything dearer.");
        Picture(PageCharts.Profile, "Share of the guard's time by what it does with an admitted request");
        _page.Table(["part", "share", "time", "samples"], [.. _results.Profile.Select(figure => new[]
        {
            figure.Part, Figures.Percent(figure.Share), Figures.Duration(figure.Nanoseconds), Figures.Count(figure.Samples),
        }), ["together", "", Figures.Duration(_results.Profile.Sum(static figure => figure.Nanoseconds)), Figures.Count(_results.Profile[0].OfSamples)]]);
    }

    private void WriteRequest()
    {
        _page.Heading(2, "One request");
        Picture(PageCharts.Request, "Time of one request through the middleware in process");
        WriteBenchmarks(Suites.Pipeline);
        _page.Heading(3, "Shared secret");
        WriteBenchmarks(Suites.SecretRing);
        WriteBenchmarks(Suites.PlainComparison);
        _page.Paragraph("Does the time tell how much of a guess is right? Guesses that share all but one character with the secret against guesses that share nothing, by dudect's method: |t| above 4.5 is a difference in time. The control must be found out, or the measure is blind.");
        _page.Table(["comparison", "t", "times measured"], [.. _results.ConstantTime.Select(figure => new[]
        {
            figure.Name, figure.T.ToString("0.0", CultureInfo.InvariantCulture), Figures.Count(figure.Samples),
        })]);
        _page.Heading(3, "X-Forwarded-For");
        WriteBenchmarks(Suites.ForwardedFor);
        _page.Heading(3, "IAP");
        Picture(PageCharts.Iap, "Time of one IAP assertion, from the bare signature to the whole scheme");
        WriteBenchmarks(Suites.Iap);
    }

    private void WriteMethod()
    {
        _page.Heading(2, "What these figures do not say");
        _page.Paragraph("""
            - Loopback has no network: over a real one the guard's share of a request is smaller still.
            - The application answers 13 bytes. Beside one that does something, the guard's share is smaller.
            - The in-process rows have no server: the context is the framework's default one, which keeps its features in a dictionary.
            - Throughput is the load's as much as the origin's where the origin is not busy all the time; the column `busy` says how much of its core it was.
            - An origin that has just started is slower, guarded or not: the runtime compiles what is used often a second time, and on a busy core takes minutes for it. Every process here ran with `DOTNET_TC_CallCountingDelayMs=0`, which makes it seconds. The guard comes without code made beforehand, so that its first requests cost several times what they cost later.
            - Two processes of one program are never quite alike. The first row of the load tables is how much.
            """.ReplaceLineEndings("\n"));
    }

    private void Picture(string chart, string description)
    {
        if (_charts.Contains(chart))
        {
            _page.Picture($"{_images}/{chart}", description);
        }
    }

    private void WriteBenchmarks(string suite)
    {
        BenchmarkFigure[] figures = [.. _results.BenchmarksOf(suite)];
        var hasParameters = figures.Any(figure => figure.Parameters.Length > 0);
        string[] head = ["benchmark", .. hasParameters ? ["with"] : Array.Empty<string>(), "median", "mean ± deviation", "allocated"];
        _page.Table(head, [.. figures.Select(figure => (string[])
        [
            figure.Name,
            .. hasParameters ? [figure.Parameters] : Array.Empty<string>(),
            Figures.Duration(figure.Median),
            $"{Figures.Duration(figure.Mean)} ± {Figures.Duration(figure.StandardDeviation)}",
            figure.AllocatedBytes is { } bytes ? Figures.Bytes(bytes) : "?",
        ])], hasParameters ? 2 : 1);
    }

    private void WritePairs(string suite, string size)
    {
        string[] sizeHead = size.Length == 0 ? [] : [size];
        _page.Table(["subject", .. sizeHead, "per second", "ratio", "CPU, reference", "CPU, subject", "busy"], [.. _results.PairsOf(suite).Select(pair => (string[])
        [
            pair.Name,
            .. size.Length == 0 ? Array.Empty<string>() : [Figures.Count(pair.Size)],
            Figures.Count(PairFigure.PerSecond(pair.Subject).Median),
            Figures.Share(pair.ThroughputRatio()),
            Figures.Microseconds(PairFigure.Cpu(pair.Reference)),
            Figures.Microseconds(PairFigure.Cpu(pair.Subject)),
            PairFigure.Busy(pair.Subject).Median.ToString("0 %", CultureInfo.InvariantCulture),
        ])]);
    }
}
