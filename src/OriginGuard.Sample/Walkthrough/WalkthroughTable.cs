using OriginGuard.Sample.Attempts;

namespace OriginGuard.Sample.Walkthrough;

/// <summary>Columns as wide as what has to stand in them.</summary>
internal sealed class WalkthroughTable(IReadOnlyList<Attempt> attempts, TextWriter output)
{
    private static readonly string[] Titles = ["What is tried", "The way it takes", "Expected", "Seen"];

    private readonly int[] _widths =
    [
        Width(Titles[0], attempts.Select(static attempt => attempt.Title)),
        Width(Titles[1], attempts.Select(static attempt => NameOf(attempt.Way))),
        Width(Titles[2], attempts.Select(static attempt => attempt.Expected.ToString())),
        Width(Titles[3], attempts.Select(static attempt => attempt.Expected.ToString())),
    ];

    public async Task WriteHeadAsync()
    {
        await output.WriteLineAsync();
        await WriteAsync(Titles, "");
        await WriteAsync([.. _widths.Select(static width => new string('-', width))], "-------");
    }

    public Task WriteAsync(Attempt attempt, AttemptResult result) =>
        WriteAsync([attempt.Title, NameOf(attempt.Way), result.Expected, result.Seen], result.AsExpected ? "ok" : "differs");

    private Task WriteAsync(string[] cells, string verdict) =>
        output.WriteLineAsync($"  {string.Join("  ", cells.Select((cell, column) => cell.PadRight(_widths[column])))}  {verdict}".TrimEnd());

    private static string NameOf(Way way) => way switch
    {
        Way.ThroughLoadBalancer => "through the load balancer",
        Way.Around => "around it",
        _ => "from its address",
    };

    private static int Width(string title, IEnumerable<string> cells) => cells.Append(title).Max(static cell => cell.Length);
}
