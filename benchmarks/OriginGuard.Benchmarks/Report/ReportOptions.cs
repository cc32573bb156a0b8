namespace OriginGuard.Benchmarks.Report;

/// <summary>What stands behind <c>report</c> on the command line.</summary>
internal sealed record ReportOptions(bool IsQuick, string? Only, string? From)
{
    public const string Benchmarks = "benchmarks";
    public const string EndToEnd = "end-to-end";
    public const string Memory = "memory";
    public const string ConstantTime = "constant-time";
    public const string Profile = "profile";
    public const string Poptrie = "poptrie";

    public const string Usage =
        $"report [--quick] [--only {Benchmarks}|{EndToEnd}|{Memory}|{ConstantTime}|{Profile}|{Poptrie}]   measures, and fills the page\n" +
        "report --from <results.json> [--only <part>]   fills it again from what was measured, or measures one part of it anew";

    private static readonly string[] Parts = [Benchmarks, EndToEnd, Memory, ConstantTime, Profile, Poptrie];

    public static ReportOptions? Parse(ReadOnlySpan<string> arguments)
    {
        var options = new ReportOptions(false, null, null);
        while (arguments.Length > 0)
        {
            (options, var taken) = arguments switch
            {
                ["--quick", ..] => (options with { IsQuick = true }, 1),
                ["--only", var part, ..] when Parts.Contains(part) => (options with { Only = part }, 2),
                ["--from", var file, ..] => (options with { From = file }, 2),
                _ => (options, 0),
            };
            if (taken == 0)
            {
                return null;
            }

            arguments = arguments[taken..];
        }

        return options;
    }

    public bool Includes(string part) => Only is null || Only == part;
}
