using System.Buffers;
using System.Globalization;
using System.Text;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>Follows the requests that HttpClient writes on one connection, replaces their heads, and lets their bodies through.</summary>
internal sealed class RequestRewriter
{
    private readonly ArrayBufferWriter<byte> _pending = new();
    private State _state;
    private long _remaining;

    private enum State
    {
        Head,
        Body,
        ChunkSize,
        Chunk,
    }

    /// <summary>Takes the next bytes that were written, however they are cut, and puts out what may go over the wire.</summary>
    public void Rewrite(ReadOnlySpan<byte> written, IBufferWriter<byte> output)
    {
        while (written.Length > 0)
        {
            var taken = _state switch
            {
                State.Head => TakeHead(written, output),
                State.ChunkSize => TakeChunkSize(written, output),
                _ => TakeBody(written, output),
            };
            written = written[taken..];
        }
    }

    private int TakeHead(ReadOnlySpan<byte> written, IBufferWriter<byte> output)
    {
        if (!TryComplete(written, "\r\n\r\n"u8, out var taken))
        {
            return taken;
        }

        var frame = RequestHead.Render(_pending.WrittenSpan, output);
        _pending.ResetWrittenCount();
        _remaining = frame.Length;
        _state = frame.IsChunked ? State.ChunkSize : _remaining > 0 ? State.Body : State.Head;
        return taken;
    }

    private int TakeChunkSize(ReadOnlySpan<byte> written, IBufferWriter<byte> output)
    {
        if (!TryComplete(written, "\r\n"u8, out var taken))
        {
            return taken;
        }

        output.Write(_pending.WrittenSpan);
        var size = long.Parse(Encoding.ASCII.GetString(_pending.WrittenSpan).AsSpan().TrimEnd(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        _pending.ResetWrittenCount();

        // A chunk ends in a line break. The last one is empty, and HttpClient sends no trailers behind it.
        _remaining = size + 2;
        _state = size is 0 ? State.Body : State.Chunk;
        return taken;
    }

    private int TakeBody(ReadOnlySpan<byte> written, IBufferWriter<byte> output)
    {
        var taken = (int)Math.Min(_remaining, written.Length);
        output.Write(written[..taken]);
        _remaining -= taken;
        if (_remaining is 0)
        {
            _state = _state is State.Chunk ? State.ChunkSize : State.Head;
        }

        return taken;
    }

    /// <summary>Collects bytes until they end in <paramref name="end"/>, which may be cut in two.</summary>
    private bool TryComplete(ReadOnlySpan<byte> written, ReadOnlySpan<byte> end, out int taken)
    {
        var before = _pending.WrittenCount;
        _pending.Write(written);
        var searchFrom = Math.Max(0, before - end.Length + 1);
        var found = _pending.WrittenSpan[searchFrom..].IndexOf(end);
        if (found < 0)
        {
            taken = written.Length;
            return false;
        }

        var length = searchFrom + found + end.Length;
        taken = length - before;
        var complete = _pending.WrittenSpan[..length].ToArray();
        _pending.ResetWrittenCount();
        _pending.Write(complete);
        return true;
    }
}
