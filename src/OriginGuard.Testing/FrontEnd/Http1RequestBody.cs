using System.Globalization;
using System.Text;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>Sends a client's body over HTTP/1.1, while the answer may already come back.</summary>
internal sealed class Http1RequestBody(ClientBody body, Http1Connection connection)
{
    /// <summary>True when the whole body was sent; if not, the connection can carry no further request.</summary>
    public async Task<bool> SendAsync(CancellationToken stop)
    {
        try
        {
            return await body.CopyAsync(piece => TrySendAsync(piece, stop), stop).ConfigureAwait(false)
                && (body.Length is not null || await TrySendAsync(default, stop).ConfigureAwait(false));
        }
        catch
        {
            // The client will not finish its request, and the origin must not take what came of it for the whole.
            connection.Abort();
            throw;
        }
    }

    /// <summary>Sends a piece as it is, or as a chunk, of which an empty one is the last.</summary>
    private async ValueTask<bool> TrySendAsync(ReadOnlyMemory<byte> piece, CancellationToken stop)
    {
        try
        {
            await connection.Output.WriteAsync(body.Length is null ? Chunk(piece.Span) : piece, stop).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // An origin need not read a body to answer: what it answered decides.
            return false;
        }
    }

    private static byte[] Chunk(ReadOnlySpan<byte> piece) =>
        [.. Encoding.ASCII.GetBytes(piece.Length.ToString("x", CultureInfo.InvariantCulture)), .. "\r\n"u8, .. piece, .. "\r\n"u8];
}
