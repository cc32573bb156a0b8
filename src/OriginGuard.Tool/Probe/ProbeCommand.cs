using System.CommandLine;
using System.Net;
using OriginGuard.Dns;
using OriginGuard.Settings;
using OriginGuard.Tool.Field;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Probe;

/// <summary><c>originguard probe</c>: whether the origin answers to those who go around the load balancer.</summary>
internal sealed class ProbeCommand
{
    private const string Description = "Reach the origin around the load balancer, as an attacker would, and report whether it answers.";

    private const string Notes = """
        Probe your own origins only, and from outside: from a machine whose address the origin admits, the answer means nothing.
        Ends with 0 when nothing answers or the guard refuses, with 1 when something answers, with 2 when it cannot be told or --through finds out nothing.
        What the load balancer asks of its endpoint (public IPv4 address, certificate, size of headers) is reported too, and does not change the exit code.

        With --through, it also asks what Google's pages leave open about the load balancer: it sends some twenty requests through it to the origin's diagnostics, which say
        how each of them arrived. --report puts the answers into a file without secrets, names or addresses.

        Examples:
          originguard probe https://origin.example.com --connect 203.0.113.10
          originguard probe https://origin.example.com --through https://app.example.com/_originguard --report report.json
        """;

    private readonly Argument<string> _url = new("url") { Description = "The origin's own address, such as https://origin.example/" };

    private readonly Option<string?> _connect = new("--connect")
    {
        Description = "Connect to this address, whatever the name resolves to",
        HelpName = "address[:port]",
    };

    private readonly Option<string> _header = new("--header")
    {
        Description = "Header that carries the secret; tried with a wrong one",
        HelpName = "name",
        DefaultValueFactory = static _ => new SharedSecretOptions().HeaderName,
    };

    private readonly Option<int> _timeout = new("--timeout")
    {
        Description = "For one attempt, 1 to 120",
        HelpName = "seconds",
        DefaultValueFactory = static _ => 10,
    };

    private readonly Option<int[]> _refused = new("--refused-status")
    {
        Description = "Status that counts as a refusal whoever gives it, such as 403 of a proxy in front; may be repeated",
        HelpName = "status",
    };

    private readonly Option<bool> _idle = new("--idle") { Description = "Also wait how long a connection stays open: ten minutes" };

    private readonly FrontDoorOptions _front = new();

    private readonly Option<string?> _report = new("--report") { Description = "Put what --through found out into this file", HelpName = "file" };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON" };

    private readonly ToolContext _context;

    private ProbeCommand(ToolContext context) => _context = context;

    public static Command Create(ToolContext context)
    {
        var self = new ProbeCommand(context);
        var command = new NotedCommand("probe", Description, Notes) { self._url, self._connect, self._header, self._timeout, self._refused, self._idle, self._front.Through, self._front.TokenFile, self._report, self._json };
        command.SetAction(self.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Usage.ThrowAny(parsed, Mistakes(parsed));
        var url = new Uri(parsed.GetValue(_url)!);
        var run = new ProbeRun(
            new ProbeSettings(
                url, parsed.GetValue(_header)!, TimeSpan.FromSeconds(parsed.GetValue(_timeout)), parsed.GetValue(_refused)!, parsed.GetValue(_idle)),
            _context);

        // Before the work: a token that cannot be read must not cost it.
        var door = parsed.GetValue(_front.Through) is null ? null : await _front.OpenAsync(parsed, run.Settings.Timeout, _context, cancellationToken);
        FieldStudy? study = door is null ? null : new(door, _context.Progress);
        ToolFailure? failure = null;
        using (_context.Progress.During("probing"))
        {
            await run.RunAsync(ParseTarget(parsed.GetValue(_connect), url), cancellationToken);
            if (study is not null && (failure = await FailureOfAsync(() => study.RunAsync(cancellationToken))) is not null)
            {
                study = null;
            }
        }

        // Whatever becomes of the output, of the file and of what is asked through the load balancer: an open origin stays a finding.
        ToolFailure[] failures = [.. ((ToolFailure?[])[await FailureOfAsync(PrintAsync), failure, await FailureOfAsync(WriteReportAsync)]).OfType<ToolFailure>()];
        foreach (var failed in failures)
        {
            await _context.ReportAsync(failed.Message);
        }

        return run.Verdict switch
        {
            ProbeVerdict.Answered => ExitCode.Finding,
            ProbeVerdict.Closed or ProbeVerdict.Refused when failures.Length == 0 => ExitCode.Ok,
            _ => ExitCode.Failed,
        };

        Task PrintAsync() => _context.PrintAsync(
            parsed.GetValue(_json) ? ProbeReport.Json(run, study, failure?.Message) : ProbeReport.Text(run, _context.Colors) + (study is null ? "" : FieldReport.Text(study)));

        Task WriteReportAsync()
        {
            if (study is not null && parsed.GetValue(_report) is { } path)
            {
                OutputFile.Write(path, ProbeReport.File(run, study, _context.Time.GetUtcNow()), "--report");
            }

            return Task.CompletedTask;
        }
    }

    private static async Task<ToolFailure?> FailureOfAsync(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (ToolFailure failure)
        {
            return failure;
        }
    }

    private IEnumerable<string> Mistakes(ParseResult parsed)
    {
        if (!FrontDoorOptions.IsWeb(parsed.GetValue(_url), out var url))
        {
            yield return "An https or http address without a user is needed, such as https://origin.example/.";
        }
        else if (parsed.GetValue(_connect) is { } connect && ParseTarget(connect, url) is null)
        {
            yield return "--connect needs an address or address:port, such as 203.0.113.10 or [2001:db8::1]:8443.";
        }

        if (HeaderNameRules.Problem(parsed.GetValue(_header)!) is { } problem)
        {
            yield return $"--header does not do: {problem}.";
        }

        if (parsed.GetValue(_timeout) is < 1 or > 120)
        {
            yield return "--timeout needs 1 to 120 seconds.";
        }

        if (parsed.GetValue(_refused)!.Any(static status => status is < 400 or > 499))
        {
            yield return "--refused-status needs a status from 400 to 499.";
        }

        if (parsed.GetValue(_report) is { } report && OutputFile.Problem(report, "--report") is { } unwritable)
        {
            yield return unwritable;
        }

        foreach (var mistake in MistakesOfTheStudy(parsed))
        {
            yield return mistake;
        }
    }

    private IEnumerable<string> MistakesOfTheStudy(ParseResult parsed) =>
        parsed.GetValue(_front.Through) is not null ? _front.Mistakes(parsed)
        : parsed.GetValue(_report) is null && parsed.GetValue(_front.TokenFile) is null ? []
        : ["--report and --token-file need --through: the address of the diagnostics by way of the load balancer."];

    private static IPEndPoint? ParseTarget(string? text, Uri url) => NameServers.TryParse(text, url.Port, out var target) ? target : null;
}
