using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace OriginGuard.Tool.Terminal;

/// <summary>What a command has around it, the command line aside.</summary>
internal sealed class ToolContext
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

    /// <summary>Writes a line beside the result, where progress may stand.</summary>
    public Task NoteAsync(string line)
    {
        Progress.Dispose();
        return Error.WriteAsync($"{line}\n");
    }
}
