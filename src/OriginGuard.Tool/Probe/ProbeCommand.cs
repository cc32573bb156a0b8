using System.CommandLine;
using System.Net;
using OriginGuard.Dns;
using OriginGuard.Settings;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Probe;

/// <summary><c>originguard probe</c>: whether the origin answers to those who go around the load balancer.</summary>
internal sealed class ProbeCommand
{
    private const string Description = "Reach the origin around the load balancer, as an attacker would, and report whether it answers.";

    private const string Notes = """
        Probe your own origins only, and from outside: from a machine whose address the origin admits, the answer means nothing.
        Ends with 0 when nothing answers or the guard refuses, with 1 when something answers, with 2 when it cannot be told.
        What the load balancer asks of its endpoint (public IPv4 address, certificate, size of headers) is reported too, and does not change the exit code.

        Example:
          originguard probe https://origin.example.com --connect 203.0.113.10
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

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON" };

    private readonly ToolContext _context;

    private ProbeCommand(ToolContext context) => _context = context;

    public static Command Create(ToolContext context)
    {
        var self = new ProbeCommand(context);
        var command = new NotedCommand("probe", Description, Notes) { self._url, self._connect, self._header, self._timeout, self._refused, self._json };
        command.SetAction(self.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Usage.ThrowAny(parsed, Mistakes(parsed));
        var url = new Uri(parsed.GetValue(_url)!);
        var run = new ProbeRun(
            new ProbeSettings(
                url, parsed.GetValue(_header)!, TimeSpan.FromSeconds(parsed.GetValue(_timeout)), parsed.GetValue(_refused)!),
            _context);
        await run.RunAsync(ParseTarget(parsed.GetValue(_connect), url), cancellationToken);
        await _context.Output.WriteAsync(parsed.GetValue(_json) ? ProbeReport.Json(run) : ProbeReport.Text(run));
        return run.Verdict switch
        {
            ProbeVerdict.Closed or ProbeVerdict.Refused => ExitCode.Ok,
            ProbeVerdict.Answered => ExitCode.Finding,
            _ => ExitCode.Failed,
        };
    }

    private IEnumerable<string> Mistakes(ParseResult parsed)
    {
        var isUrl = Uri.TryCreate(parsed.GetValue(_url), UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
            && url.UserInfo.Length == 0;
        if (!isUrl)
        {
            yield return "An https or http address without a user is needed, such as https://origin.example/.";
        }
        else if (parsed.GetValue(_connect) is { } connect && ParseTarget(connect, url!) is null)
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
    }

    private static IPEndPoint? ParseTarget(string? text, Uri url) => IPAddress.TryParse(text, out var address)
        ? new IPEndPoint(address, url.Port)
        : NameServers.TryParse(text, out var target) ? target : null;
}
