using System.Collections.Concurrent;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>
/// Speaks HTTP/1.1 with the origin. <see cref="HttpClient"/> would join repeated lines, correct spellings, and hold an answer back until
/// the request's body is sent; the load balancer does none of these.
/// </summary>
internal sealed class Http1OriginClient(Uri origin, OriginConnector connector) : IOriginClient
{
    private readonly ConcurrentBag<Http1Connection> _idle = [];
    private volatile bool _isDisposed;

    public bool CanUpgrade => true;

    public async Task<OriginAnswer> SendAsync(OriginRequest request, CancellationToken cancellationToken)
    {
        while (_idle.TryTake(out var pooled))
        {
            if (!pooled.IsIdle)
            {
                await pooled.DisposeAsync().ConfigureAwait(false);
                continue;
            }

            try
            {
                return await ExchangeAsync(pooled, request, cancellationToken).ConfigureAwait(false);
            }
            catch (IOException) when (!pooled.HasAnswered && MayRepeat(request))
            {
                // The origin may have closed an idle connection just then, or have dropped the request: once more, on a fresh connection.
                break;
            }
        }

        var fresh = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        return await ExchangeAsync(fresh, request, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        while (_idle.TryTake(out var connection))
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>RFC 9110, section 9.2.2: a proxy repeats no request by itself whose method is not idempotent. Here none with a body, either, which is gone.</summary>
    private static bool MayRepeat(OriginRequest request) => request is { Body: null, Method: "GET" or "HEAD" or "OPTIONS" or "TRACE" or "PUT" or "DELETE" };

    private async Task<OriginAnswer> ExchangeAsync(Http1Connection connection, OriginRequest request, CancellationToken cancellationToken)
    {
        var stopSending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = request.Body is null ? Task.FromResult(true) : null;
        try
        {
            await connection.SendAsync(Http1Head.Of(request), cancellationToken).ConfigureAwait(false);
            if (!request.ExpectsContinue)
            {
                sending ??= SendBody();
            }

            var head = await Http1Head.ReadAsync(connection, cancellationToken).ConfigureAwait(false);
            while (head.Status is >= 100 and < 200 and not 101)
            {
                sending ??= SendBody();
                head = await Http1Head.ReadAsync(connection, cancellationToken).ConfigureAwait(false);
            }

            return head.Status is not 101 || request.IsWebSocket
                ? new Http1Answer(connection, head, request.Method, sending ?? Task.FromResult(false), stopSending, Reuse)
                : throw new IOException("The origin switched protocols, which nobody asked it to do.");
        }
        catch
        {
            await stopSending.CancelAsync().ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);

            // What is wrong with the client's body explains more than what came of it.
            await (sending ?? Task.FromResult(false)).ConfigureAwait(false);
            stopSending.Dispose();
            throw;
        }

        Task<bool> SendBody() => new Http1RequestBody(request.Body!, connection).SendAsync(stopSending.Token);
    }

    private async Task<Http1Connection> ConnectAsync(CancellationToken cancellationToken)
    {
        var network = await connector.ConnectAsync(cancellationToken).ConfigureAwait(false);
        if (origin.Scheme is not "https")
        {
            return new Http1Connection(network, network.Socket);
        }

        var encrypted = await OriginTls.EncryptAsync(network, OriginTls.Towards(origin), cancellationToken).ConfigureAwait(false);
        return new Http1Connection(encrypted, network.Socket);
    }

    private void Reuse(Http1Connection connection)
    {
        if (_isDisposed)
        {
            connection.Abort();
        }
        else
        {
            _idle.Add(connection);
        }
    }
}
