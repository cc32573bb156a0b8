using System.Text;

namespace OriginGuard.Tool.Field;

/// <summary>
/// Puts header lines into a request exactly as they are spelled, the same name twice too: <see cref="HttpClient"/> joins what is repeated. It sends one line that marks the
/// place, and this stream, which the client writes to, puts the others there.
/// </summary>
internal sealed class RawLines(Stream inner, IReadOnlyList<HeaderLine> lines) : Stream
{
    public const string Mark = "X-Lines-Here";

    private static readonly byte[] MarkLine = Encoding.ASCII.GetBytes($"{Mark}: 1\r\n");

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(Replace(buffer.AsMemory(offset, count)).Span);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(Replace(buffer), cancellationToken);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>The head of a request, which is short without these lines, is written at once.</summary>
    private ReadOnlyMemory<byte> Replace(ReadOnlyMemory<byte> written)
    {
        if (written.Span.IndexOf(MarkLine) is not (>= 0 and var at))
        {
            return written;
        }

        var raw = Encoding.ASCII.GetBytes(string.Concat(lines.Select(static line => $"{line.Name}: {line.Value}\r\n")));
        return (byte[])[.. written.Span[..at], .. raw, .. written.Span[(at + MarkLine.Length)..]];
    }
}
