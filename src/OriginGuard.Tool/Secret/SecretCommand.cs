using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OriginGuard.Settings;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Secret;

/// <summary><c>originguard secret</c>: a new shared secret, and how it gets to both sides.</summary>
internal sealed partial class SecretCommand
{
    private const string Description = "Make a shared secret from random bytes, with the command that installs it at the load balancer.";

    private const string Notes = """
        The secret is printed once and kept nowhere.

        Example:
          originguard secret --backend-service origin-backend
        """;

    private const int Fewest = 16;
    private const int Most = 512;

    private readonly Option<int> _bytes = new("--bytes")
    {
        Description = $"How many random bytes, {Fewest} to {Most}",
        HelpName = "count",
        DefaultValueFactory = static _ => 32,
    };

    private readonly Option<string> _header = new("--header")
    {
        Description = "Header that carries the secret (SharedSecret:HeaderName)",
        HelpName = "name",
        DefaultValueFactory = static _ => new SharedSecretOptions().HeaderName,
    };

    private readonly Option<string> _service = new("--backend-service")
    {
        Description = "Global backend service that sends it",
        HelpName = "name",
        DefaultValueFactory = static _ => "BACKEND_SERVICE",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON" };

    public static Command Create(ToolContext context)
    {
        var self = new SecretCommand();
        var command = new NotedCommand("secret", Description, Notes) { self._bytes, self._header, self._service, self._json, RotateCommand.Create(context) };
        command.SetAction(async parsed =>
        {
            Usage.ThrowAny(parsed, self.Mistakes(parsed));
            await context.PrintAsync(self.Render(parsed));
            return ExitCode.Ok;
        });
        return command;
    }

    private string Render(ParseResult parsed)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(parsed.GetValue(_bytes)));
        var service = parsed.GetValue(_service)!;
        var show = $"gcloud compute backend-services describe {service} --global --format='yaml(customRequestHeaders)'";
        var header = $"{parsed.GetValue(_header)}: {secret}";
        var install = $"gcloud compute backend-services update {service} --global --custom-request-header={Quote(header)}";
        return parsed.GetValue(_json) ? Json(secret, parsed.GetValue(_header)!, install) : $"""
            {secret}

            1. At the origin: add it to SharedSecret:Secrets, for example
               OriginGuard__SharedSecret__Secrets__0={secret}
               While you rotate, list the new one and the old one; either admits. List both in
               one place (the old one as ...__1): the last source that has the list replaces it.

            2. At the load balancer:
               {install}
               The command sets the whole list: name every custom header of the backend service each time.
               Every user of this machine can read it while it runs: elsewhere than on your own, use --flags-file.
               What it has now, and what it has afterwards:
               {show}
               A regional load balancer has no such list: its URL map adds the header (headerAction, replace: true).

            3. When no request brings the old one any more, take it out of the list:
               originguard secret rotate --through https://app.example.com/_originguard

            """;
    }

    private static string Json(string secret, string header, string install) => JsonOutput.Render(new JsonObject
    {
        ["secret"] = secret,
        ["header"] = header,
        ["install"] = install,
        ["replacesAllCustomRequestHeaders"] = true,
    });

    // A header name may hold signs that a shell obeys, inside double quotes too.
    private static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private IEnumerable<string> Mistakes(ParseResult parsed)
    {
        if (parsed.GetValue(_bytes) is < Fewest or > Most)
        {
            yield return $"--bytes needs a number from {Fewest} to {Most}.";
        }

        if (HeaderNameRules.Problem(parsed.GetValue(_header)!) is { } problem)
        {
            yield return $"--header does not do: {problem}.";
        }

        if (parsed.GetResult(_service) is { Implicit: false } && !ServiceName().IsMatch(parsed.GetValue(_service)!))
        {
            yield return "--backend-service needs the name of a backend service: lower-case letters, digits and hyphens.";
        }
    }

    [GeneratedRegex(@"\A[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?\z")]
    private static partial Regex ServiceName();
}
