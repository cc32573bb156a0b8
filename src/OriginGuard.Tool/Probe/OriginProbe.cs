using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using OriginGuard.Tool.Field;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Probe;

/// <summary>Sends one request to one address: no proxy, no redirect, no pooled connection, and nothing in it that is worth anything.</summary>
internal sealed class OriginProbe(ProbeSettings settings, IPEndPoint address, ToolContext context)
{
    private bool _hasConnected;

    /// <summary>What the load balancer would say of the certificate; empty before a handshake.</summary>
    public IReadOnlyList<ProbeFinding> Certificate { get; private set; } = [];

    public async Task<ProbeAttempt> SendAsync(string disguise, IEnumerable<HeaderLine> headers, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(settings.Timeout, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        _hasConnected = false;
        int? status = null;
        try
        {
            using var client = CreateClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, settings.Url)
            {
                // With TLS the origin chooses, as it does with the load balancer.
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            };
            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            status = (int)response.StatusCode;
            var (verdict, explanation) = await AnswerReader.ReadAsync(response, settings.RefusedStatuses, either.Token);
            return new ProbeAttempt(address, disguise, verdict, status, explanation, _hasConnected);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && Explain(failure, status) is var (verdict, explanation))
        {
            return new ProbeAttempt(address, disguise, verdict, status, explanation, _hasConnected);
        }
    }

    [SuppressMessage("Security", "CA5359", Justification = "An attacker goes on past a bad certificate, and nothing secret is sent.")]
    private HttpClient CreateClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        MaxResponseHeadersLength = 64,
        ConnectCallback = (_, token) => ConnectAsync(token),
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = Look,

            // The load balancer is not documented to fetch what the origin leaves out; and a fetch that hangs would hold up the handshake.
            CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck },
        },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = await DirectConnection.OpenAsync(address, cancellationToken);
        _hasConnected = true;
        return connection;
    }

    private bool Look(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is X509Certificate2 leaf && settings.IsNamed)
        {
            X509Certificate2Collection sent = chain?.ChainPolicy.ExtraStore ?? [];
            Certificate = [.. CertificateRules.Judge(leaf, sent, settings.Url.IdnHost, context.Time.GetUtcNow(), context.TrustedRoots)];
        }

        return true;
    }

    // Null: nothing that says anything about the origin.
    private (ProbeVerdict Verdict, string Explanation)? Explain(Exception failure, int? status) => failure switch
    {
        OperationCanceledException or IOException when status is { } said => AnswerReader.ReadHead(said, settings.RefusedStatuses),
        OperationCanceledException when _hasConnected => (ProbeVerdict.Unknown, $"connected, and no answer within {settings.Timeout.TotalSeconds:0} s"),
        OperationCanceledException => (ProbeVerdict.Closed, $"no connection within {settings.Timeout.TotalSeconds:0} s"),
        HttpRequestException { InnerException: SocketException socket } when !_hasConnected => Refusal(socket.SocketErrorCode),
        HttpRequestException { InnerException: AuthenticationException } => (ProbeVerdict.Unknown, "connected, and the TLS handshake failed"),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded } =>
            (ProbeVerdict.Answered, "something that is not HTTP"),
        HttpRequestException or IOException when _hasConnected => (ProbeVerdict.Closed, "connected, and closed without an answer"),
        _ => null,
    };

    private static (ProbeVerdict Verdict, string Explanation) Refusal(SocketError error) => error switch
    {
        SocketError.ConnectionRefused or SocketError.ConnectionReset or SocketError.TimedOut or SocketError.HostUnreachable =>
            (ProbeVerdict.Closed, $"no connection ({error})"),
        _ => (ProbeVerdict.Unknown, $"this machine cannot try ({error})"),
    };
}
