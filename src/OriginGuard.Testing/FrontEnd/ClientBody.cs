using System.IO.Pipelines;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>The body of the client's request. It has the length that the client gave, or null when only its end will tell.</summary>
internal sealed class ClientBody(PipeReader reader, long? length)
{
    public long? Length => length;

    /// <summary>
    /// Hands each piece on as it arrives, until the end, until <paramref name="handOn"/> takes no more, or until it is stopped. True when
    /// the whole body was handed on. What goes wrong on the client's side is thrown.
    /// </summary>
    public async Task<bool> CopyAsync(Func<ReadOnlyMemory<byte>, ValueTask<bool>> handOn, CancellationToken stop)
    {
        // Kestrel cannot drain a body after a read of it was cancelled, and drops the client before it has the answer. Calling off is
        // harmless.
        var registration = stop.Register(reader.CancelPendingRead);
        await using (registration.ConfigureAwait(false))
        {
            while (true)
            {
                var result = await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                var isTaken = !result.IsCanceled;
                try
                {
                    foreach (var piece in result.Buffer)
                    {
                        isTaken = isTaken && await handOn(piece).ConfigureAwait(false);
                    }
                }
                finally
                {
                    reader.AdvanceTo(result.Buffer.End);
                }

                if (!isTaken || result.IsCompleted)
                {
                    return isTaken;
                }
            }
        }
    }
}
