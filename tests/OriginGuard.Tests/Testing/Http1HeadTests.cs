using System.IO.Pipelines;
using OriginGuard.Testing.FrontEnd;
using Xunit;

namespace OriginGuard.Tests.Testing;

/// <summary>How the head of a request to the origin is written.</summary>
public class Http1HeadTests
{
    [Fact]
    public void Lines_are_written_as_they_are() => Assert.Equal(
        "GET /a HTTP/1.1\r\nx-A: 1\r\nhost: a\r\nX-a: \r\n\r\n",
        Http1Head.Of(new() { Method = "GET", Target = "/a", Lines = HeaderText.Parse("x-A: 1", "host: a", "X-a: ") }));

    [Fact]
    public void A_body_never_has_two_frames() => Assert.Equal(
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        Http1Head.Of(new()
        {
            Method = "POST",
            Target = "/",
            Lines = HeaderText.Parse("content-length: 4", "Host: a"),
            Body = new ClientBody(PipeReader.Create(Stream.Null), null),
        }));

    [Fact]
    public void An_upgrade_is_asked_for_in_the_load_balancers_own_words() => Assert.Equal(
        "GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        Http1Head.Of(new() { Method = "GET", Target = "/", Lines = [], IsWebSocket = true }));
}
