using System.Net;
using Microsoft.Extensions.Logging;
using OriginGuard.Dns;
using Xunit;

namespace OriginGuard.Tests.Dns;

/// <summary>How loudly the log is told of a server, over many questions.</summary>
public sealed class ServerNotesTests
{
    private static readonly IPEndPoint One = IPEndPoint.Parse("192.0.2.53:53");
    private static readonly IPEndPoint Other = IPEndPoint.Parse("192.0.2.54:53");

    private readonly ServerNotes _notes = new();

    [Fact]
    public void A_server_that_answers_over_UDP_is_told_of_once_and_again_when_TCP_has_worked_meanwhile()
    {
        Assert.Equal(LogLevel.Warning, _notes.AnsweredOverUdp(One));
        Assert.Equal(LogLevel.Debug, _notes.AnsweredOverUdp(One));
        Assert.Equal(LogLevel.Warning, _notes.AnsweredOverUdp(Other));

        _notes.AnsweredOverTcp(One);

        Assert.Equal(LogLevel.Warning, _notes.AnsweredOverUdp(One));
        Assert.Equal(LogLevel.Debug, _notes.AnsweredOverUdp(Other));
    }

    [Fact]
    public void Wrong_datagrams_are_told_of_the_first_the_second_the_fourth_and_the_eighth_time() =>
        Assert.Equal([1, 2, 4, 8], Enumerable.Range(1, 15).Where(_ => _notes.Ignored(One) is LogLevel.Warning));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_exchange_without_a_wrong_datagram_makes_the_next_one_news(bool overTcp)
    {
        // The third is quiet, unless something was in order before it.
        foreach (var server in (IPEndPoint[])[One, One, Other, Other])
        {
            _notes.Ignored(server);
        }

        if (overTcp)
        {
            _notes.AnsweredOverTcp(One);
        }
        else
        {
            _notes.Undisturbed(One);
        }

        Assert.Equal((LogLevel.Warning, LogLevel.Debug), (_notes.Ignored(One), _notes.Ignored(Other)));
    }
}
