using System.Globalization;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>An answer that arrives on an HTTP/1.1 connection.</summary>
internal sealed class Http1Answer : OriginAnswer
{
    private readonly Http1Connection _connection;
    private readonly Http1Head _head;
    private readonly bool _hasBody;
    private readonly Task<bool> _sending;
    private readonly CancellationTokenSource _stopSending;
    private readonly Action<Http1Connection> _reuse;
    private bool _isComplete;

    /// <param name="connection">The connection, which the answer owns.</param>
    /// <param name="head">The head that was read from it.</param>
    /// <param name="method">The method of the request, which says whether a body follows.</param>
    /// <param name="sending">The request's body, perhaps still on its way.</param>
    /// <param name="stopSending">Ends that.</param>
    /// <param name="reuse">Takes the connection back when it can carry another request.</param>
    public Http1Answer(
        Http1Connection connection,
        Http1Head head,
        string method,
        Task<bool> sending,
        CancellationTokenSource stopSending,
        Action<Http1Connection> reuse)
        : base(head.Status, head.Lines)
    {
        _connection = connection;
        _head = head;
        _hasBody = method is not "HEAD" && head.Status is not (101 or 204 or 304);
        _isComplete = !_hasBody && head.Status is not 101;
        _sending = sending;
        _stopSending = stopSending;
        _reuse = reuse;
    }

    public override async Task CopyBodyAsync(Stream to, CancellationToken cancellationToken)
    {
        if (!_hasBody)
        {
            return;
        }

        if (_head.IsChunked)
        {
            await CopyChunksAsync(to, cancellationToken).ConfigureAwait(false);
            _isComplete = true;
        }
        else if (_head.ContentLength is { } length)
        {
            await _connection.CopyAsync(length, to, cancellationToken).ConfigureAwait(false);
            _isComplete = true;
        }
        else
        {
            await _connection.CopyToEndAsync(to, cancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task JoinAsync(Stream client, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAll(
            UntilEndAsync(client.CopyToAsync(_connection.Output, ended.Token), ended),
            UntilEndAsync(_connection.CopyToEndAsync(client, ended.Token), ended)).ConfigureAwait(false);
    }

    public override async ValueTask DisposeAsync()
    {
        if (_isComplete && _head.IsKeptAlive && _sending is { IsCompletedSuccessfully: true } && await _sending.ConfigureAwait(false))
        {
            _reuse(_connection);
        }
        else
        {
            await _stopSending.CancelAsync().ConfigureAwait(false);
            await ((Task)_sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _connection.DisposeAsync().ConfigureAwait(false);
        }

        _stopSending.Dispose();
    }

    private static async Task UntilEndAsync(Task direction, CancellationTokenSource ended)
    {
        try
        {
            await direction.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Either side may end a WebSocket by dropping it; that ends this direction like an orderly end.
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task CopyChunksAsync(Stream to, CancellationToken cancellationToken)
    {
        while (await ReadChunkSizeAsync(cancellationToken).ConfigureAwait(false) is var size and > 0)
        {
            await _connection.CopyAsync(size, to, cancellationToken).ConfigureAwait(false);
            await _connection.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        }

        // Trailers end here: a client of HTTP/1.1 seldom understands them.
        while (await _connection.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { Length: > 0 })
        {
        }
    }

    private async ValueTask<long> ReadChunkSizeAsync(CancellationToken cancellationToken)
    {
        var line = await _connection.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        var digits = line.Split(';')[0].Trim();
        return long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size) && size >= 0
            ? size
            : throw new IOException("The origin's answer has a chunk without a size.");
    }
}
