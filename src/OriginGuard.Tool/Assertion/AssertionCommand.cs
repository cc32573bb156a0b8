using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using OriginGuard.Iap;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Assertion;

/// <summary><c>originguard assertion</c>: why the guard admits or refuses an IAP assertion.</summary>
internal sealed class AssertionCommand
{
    private const string Description = "Explain an assertion of Identity-Aware Proxy (header x-goog-iap-jwt-assertion), check by check.";

    private const string Notes = """
        Ends with 0 only when every check was made and passed: that takes --keys, and --audience or --project-number.
        With 1 when a check failed or was not made. The assertion itself is never printed.
        AllowAnonymous, MaxTokenLifetime and ClockSkew are taken to be the guard's defaults.

        Example:
          originguard assertion token.txt --audience /projects/123456789/global/backendServices/987654321 --keys https://www.gstatic.com/iap/verify/public_key-jwk
        """;

    // The end of the year 9998: times with a skew stay within the calendar.
    private const long LatestSecond = 253_370_764_799;

    private readonly Argument<string> _source = new("file") { Description = "File that holds the assertion, or - for standard input" };

    private readonly Option<string[]> _audiences = new("--audience") { Description = "aud to expect; may be repeated", HelpName = "aud" };

    private readonly Option<string?> _project = new("--project-number")
    {
        Description = "Expect any IAP resource of this project: weaker than --audience",
        HelpName = "number",
    };

    private readonly Option<string?> _keys = new("--keys")
    {
        Description = "JWK set to verify the signature with; Google's is https://www.gstatic.com/iap/verify/public_key-jwk",
        HelpName = "file|url",
    };

    private readonly Option<DateTimeOffset?> _at = new("--at")
    {
        Description = "Judge as of this time: 2026-11-22T05:00:00Z, or seconds since 1970. [default: now]",
        HelpName = "time",
        CustomParser = ParseTime,
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON" };

    private readonly ToolContext _context;

    private AssertionCommand(ToolContext context) => _context = context;

    public static Command Create(ToolContext context)
    {
        var self = new AssertionCommand(context);
        var command = new NotedCommand("assertion", Description, Notes) { self._source, self._audiences, self._project, self._keys, self._at, self._json };
        command.SetAction(self.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Usage.ThrowAny(parsed, Mistakes(parsed));
        var keys = parsed.GetValue(_keys) is { } source ? await KeyInput.ReadAsync(source, _context.Time, cancellationToken) : null;
        var token = await TokenInput.ReadAsync(parsed.GetValue(_source)!, "assertion", _context, cancellationToken);
        var examination = new AssertionExamination(token, Options(parsed), keys, parsed.GetValue(_at) ?? _context.Time.GetUtcNow());
        await _context.PrintAsync(
            parsed.GetValue(_json) ? AssertionReport.Json(examination) : AssertionReport.Text(examination, _context.Colors));
        return examination.IsValid ? ExitCode.Ok : ExitCode.Finding;
    }

    private IapOptions Options(ParseResult parsed) => new()
    {
        Audiences = parsed.GetValue(_audiences) ?? [],
        ProjectNumber = parsed.GetValue(_project),
    };

    private IEnumerable<string> Mistakes(ParseResult parsed)
    {
        List<string> mistakes = [];
        IapOptionsRules.Validate(Options(parsed), "", mistakes);
        if (parsed.GetValue(_keys) is { } keys && !KeyInput.IsAcceptable(keys))
        {
            mistakes.Add("--keys needs a file, an https address without a user, or plain http towards loopback.");
        }

        return mistakes.Select(static mistake => mistake.TrimStart(':'));
    }

    private static DateTimeOffset? ParseTime(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= LatestSecond)
        {
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        }

        const DateTimeStyles InUtc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, InUtc, out var time) && time.Year is > 1970 and < 9999)
        {
            return time;
        }

        argument.AddError("--at needs a time such as 2026-11-22T05:00:00Z, or seconds since 1970.");
        return null;
    }
}
