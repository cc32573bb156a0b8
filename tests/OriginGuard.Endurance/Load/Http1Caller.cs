using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OriginGuard.Benchmarks.EndToEnd;

namespace OriginGuard.Endurance.Load;

/// <summary>Sends its request on one connection, many at once, and judges each answer.</summary>
internal sealed class Http1Caller(Caller caller, int port, Func<Moment> moment, Tally tally) : ICaller
{
    private const int Depth = 32;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[128 * 1024];

    public async Task ConnectAsync()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Parse(caller.Peer), 0));
        await _socket.ConnectAsync(IPAddress.Loopback, port);
    }

    public async Task TurnAsync()
    {
        var before = moment();
        var request = Encoding.ASCII.GetBytes(Request(before));
        await _socket.SendAsync((byte[])[.. Enumerable.Repeat(request, Depth).SelectMany(static bytes => bytes)]);
        var statuses = new List<int>(Depth);
        for (var filled = 0; statuses.Count < Depth;)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(filled));
            filled += read > 0 ? read : throw new InvalidOperationException($"The origin closed the connection of {caller.Name}.");
            filled = Take(filled, statuses);
        }

        var after = moment();
        foreach (var status in statuses)
        {
            tally.Count(caller.Name, status, caller.Expect(before, after), isHttp2: false);
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Reads the whole answers; returns how much of the next one is there, at the start of the buffer.</summary>
    private int Take(int filled, List<int> statuses)
    {
        var at = 0;
        while (AnswerHead.Length(_buffer.AsSpan(at..filled)) is { } length && at + length <= filled)
        {
            statuses.Add(int.Parse(_buffer.AsSpan(at + AnswerHead.StatusLength - 3, 3), CultureInfo.InvariantCulture));
            at += length;
        }

        _buffer.AsSpan(at..filled).CopyTo(_buffer);
        return filled - at;
    }

    private string Request(Moment now)
    {
        var lines = new StringBuilder("GET / HTTP/1.1\r\nHost: origin.example\r\nX-Forwarded-For: 203.0.113.9,34.98.76.54\r\n");
        if (caller.Secret(now) is { } secret)
        {
            lines.Append(CultureInfo.InvariantCulture, $"X-Origin-Guard: {secret}\r\n");
        }

        if (caller.Assertion(now) is { } assertion)
        {
            lines.Append(CultureInfo.InvariantCulture, $"X-Goog-IAP-JWT-Assertion: {assertion}\r\n");
        }

        return lines.Append("\r\n").ToString();
    }
}
