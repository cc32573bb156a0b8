using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using OriginGuard.ForeignText;

namespace OriginGuard.Tool.Terminal;

/// <summary>What a command has around it, the command line aside.</summary>
internal sealed partial class ToolContext
{
    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    public Palette Colors { get; init; } = Palette.Plain;

    public ProgressLine Progress { get; init; } = ProgressLine.None;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Func<Stream> OpenInput { get; init; } = Console.OpenStandardInput;

    /// <summary>The variables of the environment.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>What asks the web.</summary>
    public IHttpClientFactory Clients { get; init; } = new ToolHttpClients();

    /// <summary>The system's own resolver, in the order of its answer.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> ResolveAsync { get; init; } = System.Net.Dns.GetHostAddressesAsync;

    /// <summary>Whom a certificate chain may end at; null: whom the system trusts.</summary>
    public X509Certificate2Collection? TrustedRoots { get; init; }

    /// <summary>Writes the result, or a part of it.</summary>
    /// <exception cref="ToolFailure">It cannot be written: the disk that it goes to is full, for example.</exception>
    public async Task PrintAsync(string text)
    {
        try
        {
            await Output.WriteAsync(text);
            await Output.FlushAsync();
        }
        catch (Exception failure) when (IsOfAStream(failure))
        {
            throw new ToolFailure($"the result cannot be written: {failure.Message}");
        }
    }

    /// <summary>Writes a line beside the result, where progress may stand. One that cannot be written is lost: there is nowhere left to say so.</summary>
    public async Task NoteAsync(string line)
    {
        try
        {
            Progress.Dispose();
            await Error.WriteAsync($"{line}\n");
        }
        catch (Exception failure) when (IsOfAStream(failure))
        {
            // The exit code is what remains.
        }
    }

    /// <summary>A stream takes or gives nothing: its disk is full, or it is closed.</summary>
    public static bool IsOfAStream(Exception failure) => failure is IOException or UnauthorizedAccessException;

    /// <summary>Says in one line why the work, or a part of it, could not be done.</summary>
    // An assertion that was typed where none belongs comes back in the parser's words.
    public Task ReportAsync(string message) => NoteAsync($"originguard: {PrintableText.From(Token().Replace(message, "(an assertion)").ReplaceLineEndings(" "), 400)}");

    // The header of each begins with {" and so its base64url with eyJ; names of hosts and files have no capitals there.
    [GeneratedRegex(@"\beyJ[\w-]{7,}\.[\w-]+\.?[\w-]*")]
    private static partial Regex Token();
}
