using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using OriginGuard.Surroundings;
using OriginGuard.Tool.Assertion;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Field;

/// <summary>The options by which a command reaches the origin's diagnostics.</summary>
internal sealed class FrontDoorOptions
{
    public Option<string?> Through { get; } = new("--through")
    {
        Description = "The origin's diagnostics by way of the load balancer, such as https://app.example/_originguard",
        HelpName = "url",
    };

    public Option<string?> TokenFile { get; } = new("--token-file") { Description = "File with a token that IAP takes, for --through", HelpName = "file" };

    public static bool IsWeb(string? text, [NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp) && url.UserInfo.Length == 0;

    /// <summary>Mistakes in both, where there is an address.</summary>
    public IEnumerable<string> Mistakes(ParseResult parsed)
    {
        if (!IsWeb(parsed.GetValue(Through), out var url))
        {
            yield return "--through needs an https or http address without a user, such as https://app.example/_originguard.";
        }
        else if (url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback && parsed.GetValue(TokenFile) is not null)
        {
            yield return "--token-file needs --through with https: the token would cross the network readable.";
        }
    }

    /// <summary>Whether the token can be read again when that one has expired: a file's can, and what came out of a pipe is gone.</summary>
    public bool IsRenewable(ParseResult parsed) => parsed.GetValue(TokenFile) is { } file && file != "-" && !KeptFile.IsDevice(file);

    /// <exception cref="ToolFailure">The token cannot be read.</exception>
    public async Task<FrontDoor> OpenAsync(ParseResult parsed, TimeSpan timeout, ToolContext context, CancellationToken cancellationToken) => new(
        new Uri(parsed.GetValue(Through)!),
        parsed.GetValue(TokenFile) is { } file ? await TokenInput.ReadAsync(file, "token", context, cancellationToken) : null,
        timeout,
        context);
}
