using System.Net;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>Sends a client's body over HTTP/2. Each piece is flushed, so that a slow client is not held back.</summary>
internal sealed class Http2RequestBody(ClientBody? body) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // The head goes out before the first piece of the body, which may be long in coming.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (body is not null)
        {
            await body.CopyAsync(SendAsync, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> piece)
        {
            await stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
