using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>One connection to an HTTP/1.1 origin.</summary>
internal sealed class Http1Connection(Stream stream, Socket socket) : IAsyncDisposable
{
    private const int MaxLineLength = 64 * 1024;

    private readonly PipeReader _input = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

    public Stream Output => stream;

    /// <summary>Whether a pooled connection can still be used: an idle one that has something to say says that it was closed.</summary>
    public bool IsIdle => !socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Whether any byte of an answer to the present request has come.</summary>
    public bool HasAnswered { get; private set; }

    public ValueTask SendAsync(string head, CancellationToken cancellationToken)
    {
        HasAnswered = false;
        return stream.WriteAsync(Encoding.Latin1.GetBytes(head), cancellationToken);
    }

    /// <summary>Reads up to the next line break, which is not returned.</summary>
    public async ValueTask<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await ReadAsync(cancellationToken).ConfigureAwait(false);
            if (result.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Encoding.Latin1.GetString(result.Buffer.Slice(0, end)).TrimEnd('\r');
                _input.AdvanceTo(result.Buffer.GetPosition(1, end));
                return line;
            }

            if (result.IsCompleted || result.Buffer.Length > MaxLineLength)
            {
                throw new IOException("The origin's answer ended early, or has a line that is too long.");
            }

            _input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>Copies exactly so many bytes.</summary>
    public async Task CopyAsync(long count, Stream to, CancellationToken cancellationToken)
    {
        while (count > 0)
        {
            var result = await ReadAsync(cancellationToken).ConfigureAwait(false);
            if (result.Buffer.IsEmpty)
            {
                throw new IOException("The origin dropped out in the middle of its answer.");
            }

            var part = result.Buffer.Slice(0, Math.Min(count, result.Buffer.Length));
            foreach (var memory in part)
            {
                await to.WriteAsync(memory, cancellationToken).ConfigureAwait(false);
            }

            count -= part.Length;
            _input.AdvanceTo(part.End);
        }
    }

    /// <summary>Copies whatever comes until the origin closes the connection.</summary>
    public Task CopyToEndAsync(Stream to, CancellationToken cancellationToken) => _input.CopyToAsync(to, cancellationToken);

    /// <summary>Drops the connection under whoever uses it.</summary>
    public void Abort() => socket.Dispose();

    public async ValueTask DisposeAsync()
    {
        await _input.CompleteAsync().ConfigureAwait(false);
        await stream.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken)
    {
        var result = await _input.ReadAsync(cancellationToken).ConfigureAwait(false);
        HasAnswered |= !result.Buffer.IsEmpty;
        return result;
    }
}
