using System.Net;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>The client's body, handed on as it arrives: each piece is flushed, so that a slow client is not held back.</summary>
internal sealed class Http2RequestBody(Stream body) : HttpContent
{
    private const int BufferSize = 64 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // An empty body must reach the origin as the end of the request at once, and the head before the first piece.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        var buffer = new byte[BufferSize];
        while (await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var count and > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
