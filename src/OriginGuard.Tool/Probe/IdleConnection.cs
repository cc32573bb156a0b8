using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Probe;

/// <summary>
/// Looks how long the origin keeps a connection that nothing is sent on. The load balancer keeps it for 600 s (documented) and meets a closed one whenever the origin is
/// shorter: some of its requests then get 502.
/// </summary>
internal sealed class IdleConnection(ProbeSettings settings, IPEndPoint address, ToolContext context)
{
    public static readonly TimeSpan Needed = TimeSpan.FromSeconds(600);

    private static readonly TimeSpan Enough = Needed + TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    public async Task<ProbeFinding> LookAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(settings.Timeout, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await using var stream = await ConnectAsync(either.Token);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HEAD {settings.Url.PathAndQuery} HTTP/1.1\r\nHost: {Host(settings.Url)}\r\n\r\n"), either.Token);
            if (!await ReadHeadAsync(stream, either.Token))
            {
                return new ProbeFinding("idle connection", false, "it is closed after each answer: the load balancer wants to use it again");
            }

            return await WaitAsync(stream, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is SocketException or IOException or AuthenticationException or OperationCanceledException)
        {
            return new ProbeFinding("idle connection", null, "there was no answer to begin with");
        }
    }

    /// <summary>Waits until the origin closes the connection, or long enough.</summary>
    private async Task<ProbeFinding> WaitAsync(Stream stream, CancellationToken cancellationToken)
    {
        var since = context.Time.GetTimestamp();
        await using var ticks = context.Time.CreateTimer(
            _ => context.Progress.Say($"an idle connection is open for {context.Time.GetElapsedTime(since).TotalSeconds:0} s of {Enough.TotalSeconds:0} s"), null, TimeSpan.Zero, Tick);
        using var enough = new CancellationTokenSource(Enough, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, cancellationToken);
        try
        {
            while (await stream.ReadAsync(new byte[1024], either.Token) > 0)
            {
                // A server may say goodbye before it closes.
            }
        }
        catch (IOException)
        {
            // Reset: closed as well.
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            return Kept();
        }

        var after = context.Time.GetElapsedTime(since);
        return after >= Needed ? Kept() : new ProbeFinding(
            "idle connection",
            false,
            $"closed after {after.TotalSeconds:0} s; the load balancer keeps it for {Needed.TotalSeconds:0} s and gives 502 when it comes too late: raise the server's limit, "
            + "Limits.KeepAliveTimeout of Kestrel, to 620 s");
    }

    /// <summary>RFC 9110, section 7.2: brackets around an IPv6 address, and a port that is not the scheme's own.</summary>
    private static string Host(Uri url) => (url.HostNameType is UriHostNameType.IPv6 ? $"[{url.IdnHost}]" : url.IdnHost) + (url.IsDefaultPort ? "" : $":{url.Port}");

    private static ProbeFinding Kept() => new("idle connection", true, $"open after {Needed.TotalSeconds:0} s");

    [SuppressMessage("Security", "CA5359", Justification = "The other rules look at the certificate; nothing secret is sent.")]
    private async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var plain = await DirectConnection.OpenAsync(address, cancellationToken);
        if (settings.Url.Scheme != Uri.UriSchemeHttps)
        {
            return plain;
        }

        var secure = new SslStream(plain);
        try
        {
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = settings.Url.IdnHost, RemoteCertificateValidationCallback = static (_, _, _, _) => true }, cancellationToken);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads an answer, which has no body; false when the connection ends with it.</summary>
    private static async Task<bool> ReadHeadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var buffer = new byte[4096];
        while (head.Length < 64 * 1024 && !head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var length = await stream.ReadAsync(buffer, cancellationToken);
            if (length == 0)
            {
                return false;
            }

            head.Append(Encoding.Latin1.GetString(buffer, 0, length));
        }

        return !head.ToString().Contains("\r\nConnection: close\r\n", StringComparison.OrdinalIgnoreCase);
    }
}
