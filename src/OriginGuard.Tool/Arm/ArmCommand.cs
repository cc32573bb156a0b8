using System.CommandLine;
using System.Globalization;
using System.Text;
using OriginGuard.Arming;
using OriginGuard.Surroundings;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Arm;

/// <summary><c>originguard arm</c>: whether the guard can refuse, by the report that it keeps.</summary>
internal sealed class ArmCommand
{
    private const string Description = "Say whether the guard can refuse without locking out anybody who belongs here, and who stands against it.";

    private const string Notes = """
        The guard keeps the report in Arming:ReportPath, or beside SourceAddress:SnapshotPath, where .arming.json is added to its name.
        It is written each minute that brought something. Exit code 0: ready; 1: not ready, or nothing has been written for a day.

        Only the application's user may read it; of another's, hand it over: - reads standard input.

        Examples:
          originguard arm /var/lib/app/ranges.txt.arming.json
          sudo cat /var/lib/app/ranges.txt.arming.json | originguard arm -
        """;

    private static readonly TimeSpan Stale = TimeSpan.FromDays(1);

    private readonly Argument<string> _file = new("file") { Description = "The report of the guard, or - for standard input" };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON" };

    private readonly ToolContext _context;

    private ArmCommand(ToolContext context) => _context = context;

    public static Command Create(ToolContext context)
    {
        var self = new ArmCommand(context);
        var command = new NotedCommand("arm", Description, Notes) { self._file, self._json };
        command.SetAction(self.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var report = ArmingReport.Of(Read(parsed.GetValue(_file)!, _context));
        await _context.PrintAsync(parsed.GetValue(_json) ? ArmingText.Write(report) : Text(report, _context.Colors));
        if (report.Verdict != ArmingReport.Ready)
        {
            return ExitCode.Finding;
        }

        if (_context.Time.GetUtcNow() - report.AsOf <= Stale)
        {
            return ExitCode.Ok;
        }

        // It says nothing of whoever came since.
        await _context.NoteAsync($"note: the report ends at {ArmingReport.Time(report.AsOf)}. Since then either nothing has come in, or it could not be written (4018), and who came is not in it.");
        return ExitCode.Finding;
    }

    private static ArmingState Read(string path, ToolContext context)
    {
        try
        {
            using var input = path == "-" ? context.OpenInput() : null;
            return ArmingText.Parse(input is null ? KeptFile.Read(path, ArmingText.MostBytes) : KeptFile.Read(input, ArmingText.MostBytes));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException or FormatException)
        {
            throw new ToolFailure($"{path} cannot be read: {KeptFile.Reason(failure, path)}.");
        }
    }

    private static string Text(ArmingReport report, Palette colors)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{colors.Of(report.Verdict == ArmingReport.Ready ? true : report.Breaks.Count > 0 ? false : null, report.Summary)}\n");
        Append(text, report.IsArmed ? "Locked out" : "Would be locked out", report.Breaks);
        Append(text, "Not seen lately; look whether they were mended, or only come rarely", report.Earlier);
        Append(text, "Strangers who keep coming; one of them may be a partner", report.Strangers.Steady);
        text.Append(CultureInfo.InvariantCulture, $"""

            {ArmingReport.Time(report.Since)} to {ArmingReport.Time(report.AsOf)}: {report.Admitted} admitted, {report.Strangers.Requests} of strangers not, {report.Undetermined} that the guard could not tell about

            """);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string heading, IReadOnlyList<ArmingCaller> callers)
    {
        if (callers.Count == 0)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{heading}:\n");
        foreach (var caller in callers)
        {
            text.Append(CultureInfo.InvariantCulture, $"""

                  {caller.Who}: {string.Join(", ", caller.Reasons)}
                    from     {string.Join(", ", caller.Networks)}
                    calls    {string.Join(", ", caller.Routes)}
                    requests {caller.Reported + caller.Refused} ({caller.Refused} refused), {ArmingReport.Time(caller.FirstSeen)} to {ArmingReport.Time(caller.LastSeen)}
                    do       {caller.Remedy}

                """);
        }
    }
}
