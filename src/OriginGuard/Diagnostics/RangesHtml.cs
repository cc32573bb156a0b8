namespace OriginGuard.Diagnostics;

/// <summary>Where the ranges come from, how old they are and how their refreshing goes.</summary>
internal static class RangesHtml
{
    public static Html Render(Diagnosis diagnosis) => diagnosis.Ranges is not { } ranges ? default : Html.Of($"""
        <section class="wide" aria-labelledby="ranges">
        <h2 id="ranges">Ranges</h2>
        <p>Trusted for {PageWords.Duration(ranges.MaxAgeSeconds)} after they were loaded.</p>
        {Lists(ranges.Lists)}
        {Html.Each(ranges.Records, record => Record(record, diagnosis.Time))}
        </section>
        """);

    private static Html Record(RecordDiagnosis record, DateTimeOffset now) => Html.Of($"""
        <article class="card">
        <h3>{record.Name ?? "Configured networks"} <span class="{(record.IsUsable ? "state" : "state bad")}">{(record.IsUsable ? "in force" : "not usable")}</span></h3>
        <dl class="facts">
        <div><dt>Source</dt><dd>{record.Source}</dd></div>
        {Loaded(record)}
        {Refreshed(record, now)}
        </dl>
        {Networks(record)}
        </article>

        """);

    private static Html Loaded(RecordDiagnosis record) => record is not { LoadedAt: { } at, AgeSeconds: { } age } ? default : Html.Of($"""
        <div><dt>Loaded</dt><dd>{PageWords.At(at)}, {PageWords.Duration(age)} ago</dd></div>
        {Corroborated(record)}
        {(record.TimeToLiveSeconds is { } ttl ? Html.Of($"<div><dt>Time to live</dt><dd>{PageWords.Duration(ttl)}</dd></div>") : default)}
        """);

    private static Html Lists(ListsDiagnosis? lists) => lists is null ? default : Html.Of($"""
        <p>Compared with Google's lists of {PageWords.At(lists.PublishedAt)}, {(lists.AgeSeconds is { } age ? $"fetched {PageWords.Duration(age)} ago" : "built in: they have not been fetched yet")}.
        {(lists.LastError is { } error ? Html.Of($"""<span class="bad">{error}</span>""") : default)}</p>
        """);

    private static Html Corroborated(RecordDiagnosis record) => record.Corroboration switch
    {
        "confirmed" => Html.Of($"<div><dt>Google's lists</dt><dd>confirm them</dd></div>"),
        "likely" => Html.Of($"<div><dt>Google's lists</dt><dd>hold them, but the copy is old</dd></div>"),
        null => default,
        _ => Html.Of($"""<div><dt>Google's lists</dt><dd class="bad">{record.Objection}, but the copy is old</dd></div>"""),
    };

    private static Html Refreshed(RecordDiagnosis record, DateTimeOffset now) => record.LastRefresh is null && !record.HasStopped ? default : Html.Of($"""
        <div><dt>Last refresh</dt><dd>{record.LastRefresh}{(record.LastRefreshAt is { } at ? Html.Of($", {PageWords.At(at)}") : default)}</dd></div>
        {(record.LastError is { } error ? Html.Of($"""<div><dt>Error</dt><dd class="bad">{error}</dd></div>""") : default)}
        <div><dt>Next refresh</dt><dd>{Next(record, now)}</dd></div>
        """);

    private static Html Next(RecordDiagnosis record, DateTimeOffset now) => record switch
    {
        { HasStopped: true } => Html.Of($"""<strong class="bad">has ended unexpectedly; restart the application</strong>"""),
        { NextRefreshAt: { } next } => Html.Of($"{PageWords.At(next)}, in {PageWords.Duration(Math.Max(0, (long)(next - now).TotalSeconds))}"),
        _ => Html.Of($"under way"),
    };

    private static Html Networks(RecordDiagnosis record) => Html.Of($"""
        <details{(record.NetworkCount <= 8 ? Html.Of($" open") : default)}>
        <summary>{record.NetworkCount} network{(record.NetworkCount == 1 ? "" : "s")}</summary>
        <ul class="networks">{Html.Each(record.Networks, static network => Html.Of($"<li>{network}</li>"))}</ul>
        {(record.Networks.Count < record.NetworkCount ? Html.Of($"<p>and {record.NetworkCount - record.Networks.Count} more</p>") : default)}
        </details>
        """);
}
