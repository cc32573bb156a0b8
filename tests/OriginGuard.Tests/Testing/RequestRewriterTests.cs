using System.Buffers;
using System.Text;
using OriginGuard.Testing.FrontEnd;
using Xunit;

namespace OriginGuard.Tests.Testing;

/// <summary>The heads that HttpClient writes are replaced, and nothing else, however the bytes are cut.</summary>
public class RequestRewriterTests
{
    private const string Written =
        "GET /1 HTTP/1.1\r\nHost: 127.0.0.1\r\nCarried-Line-0: Host: origin.test\r\nCarried-Line-1: X-A: 1\r\nCarried-Line-2: X-A: \r\n\r\n"
        + "POST /2 HTTP/1.1\r\nCarried-Line-0: content-length: 20\r\nContent-Length: 20\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n\r\n\r\n"
        + "POST /3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nCarried-Line-0: X-B: Host: c\r\n\r\n"
        + "11\r\nCarried-Line-0: \r\n\r\n4\r\n\r\n\r\n\r\n0\r\n\r\n"
        + "PUT /4 HTTP/1.1\r\nContent-Length: 0\r\n\r\n"
        + "GET /5 HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nHost: a\r\n\r\n"
        + "GET / HTTP/1.1\r\nHost: untouched\r\n\r\n";

    private const string Expected =
        "GET /1 HTTP/1.1\r\nHost: origin.test\r\nX-A: 1\r\nX-A: \r\n\r\n"
        + "POST /2 HTTP/1.1\r\ncontent-length: 20\r\n\r\nGET / HTTP/1.1\r\n\r\n\r\n"
        + "POST /3 HTTP/1.1\r\nTransfer-Encoding: chunked\r\nX-B: Host: c\r\n\r\n"
        + "11\r\nCarried-Line-0: \r\n\r\n4\r\n\r\n\r\n\r\n0\r\n\r\n"
        + "PUT /4 HTTP/1.1\r\n\r\n"
        + "GET /5 HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
        + "GET / HTTP/1.1\r\nHost: untouched\r\n\r\n";

    [Fact]
    public void Several_requests_on_one_connection() => Assert.Equal(Expected, Rewrite(Written.Length));

    [Fact]
    public void Requests_cut_into_pieces_of_any_size() =>
        Assert.All(Enumerable.Range(1, 200), size => Assert.Equal(Expected, Rewrite(size)));

    [Fact]
    public void Requests_cut_at_random()
    {
        var random = new Random(20260101);
        for (var round = 0; round < 500; round++)
        {
            Assert.Equal(Expected, Rewrite(_ => random.Next(1, 40)));
        }
    }

    private static string Rewrite(int size) => Rewrite(_ => size);

    private static string Rewrite(Func<int, int> sizeAt)
    {
        var rewriter = new RequestRewriter();
        var output = new ArrayBufferWriter<byte>();
        var written = Encoding.Latin1.GetBytes(Written);
        for (var position = 0; position < written.Length;)
        {
            var size = Math.Min(sizeAt(position), written.Length - position);
            rewriter.Rewrite(written.AsSpan(position, size), output);
            position += size;
        }

        return Encoding.Latin1.GetString(output.WrittenSpan);
    }
}
