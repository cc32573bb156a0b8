using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Xunit;

namespace OriginGuard.Tests.Connections;

/// <summary>A raw client on an address of this machine's loopback network, with patience for a stuck server.</summary>
internal sealed class LoopbackClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _patience = new(Patience, TimeProvider.System);
    private readonly CancellationTokenSource _stop;
    private readonly Socket _socket;

    private LoopbackClient(Socket socket)
    {
        _socket = socket;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(_patience.Token, TestContext.Current.CancellationToken);
        Stream = new NetworkStream(socket);
    }

    public NetworkStream Stream { get; }

    public static async Task<LoopbackClient> ConnectAsync(IPAddress from, int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), TestContext.Current.CancellationToken);
        return new LoopbackClient(socket);
    }

    public async Task SendAsync(string text) => await SendAsync(Encoding.ASCII.GetBytes(text));

    public async Task SendAsync(byte[] bytes)
    {
        try
        {
            await Stream.WriteAsync(bytes, _stop.Token);
        }
        catch (IOException)
        {
            // The server has closed already; what it said before is still there to be read.
        }
    }

    /// <summary>Shakes hands as TLS client, whoever signed the server's certificate, and says which protocol was agreed on.</summary>
    public async Task<SslApplicationProtocol> HandshakeAsync(params SslApplicationProtocol[] protocols)
    {
        await using var tls = new SslStream(Stream, leaveInnerStreamOpen: true);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, VerificationFlags = X509VerificationFlags.AllFlags };
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", ApplicationProtocols = [.. protocols], CertificateChainPolicy = policy }, _stop.Token);
        return tls.NegotiatedApplicationProtocol;
    }

    /// <summary>Asks on the open connection and reads one answer with a length, or what there is until the end.</summary>
    public async Task<string> AskAsync(string target)
    {
        await SendAsync($"GET {target} HTTP/1.1\r\nHost: origin.test\r\n\r\n");
        return await ReadAnswerAsync();
    }

    public Task<string> ReadAnswerAsync() => ReadUntilAsync(static text => text.Split("\r\n\r\n", 2) is [var head, var body]
        && (body.EndsWith("0\r\n\r\n", StringComparison.Ordinal) || head.Contains($"Content-Length: {body.Length}", StringComparison.Ordinal)));

    /// <summary>Everything that the server still says before it closes.</summary>
    public Task<string> ReadToEndAsync() => ReadUntilAsync(static _ => false);

    /// <summary>One byte, or null at the end.</summary>
    public async Task<byte?> ReadByteAsync()
    {
        var one = new byte[1];
        try
        {
            return await Stream.ReadAsync(one, _stop.Token) is 0 ? null : one[0];
        }
        catch (IOException)
        {
            // A reset: the server closed with something of ours unread.
            return null;
        }
    }

    /// <summary>Ends the connection with a reset instead of a goodbye.</summary>
    public void ResetOnClose() => _socket.LingerState = new LingerOption(true, 0);

    public void Dispose()
    {
        Stream.Dispose();
        _socket.Dispose();
        _stop.Dispose();
        _patience.Dispose();
    }

    private async Task<string> ReadUntilAsync(Func<string, bool> isDone)
    {
        var seen = new StringBuilder();
        while (!isDone(seen.ToString()) && await ReadByteAsync() is { } next)
        {
            seen.Append((char)next);
        }

        return seen.ToString();
    }
}
