using System.Globalization;
using System.Text;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>Hands the client's body on as it arrives, while the answer may already come back.</summary>
internal static class Http1RequestBody
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Sends the whole body. False when it could not be sent to its end, so that the connection carries no further request.</summary>
    public static async Task<bool> SendAsync(OriginRequest request, Stream body, Http1Connection connection, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        while (true)
        {
            int count;
            try
            {
                count = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // The client will not finish its request. The origin must not take what came of it for the whole.
                connection.Abort();
                return false;
            }

            try
            {
                await SendAsync(buffer.AsMemory(0, count), request.BodyLength is null, connection.Output, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // An origin need not read a body to answer: what it answered decides.
                return false;
            }

            if (count is 0)
            {
                return true;
            }
        }
    }

    private static async ValueTask SendAsync(ReadOnlyMemory<byte> piece, bool isChunk, Stream output, CancellationToken cancellationToken)
    {
        if (!isChunk)
        {
            await output.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            return;
        }

        byte[] chunk = [.. Encoding.ASCII.GetBytes(piece.Length.ToString("x", CultureInfo.InvariantCulture)), .. "\r\n"u8, .. piece.Span, .. "\r\n"u8];
        await output.WriteAsync(chunk, cancellationToken).ConfigureAwait(false);
    }
}
