using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Dns;

public class StubResolverTimeTests
{
    [Fact]
    public async Task Gives_each_attempt_its_time_and_then_fails()
    {
        await using var scene = new ResolverScene();
        scene.Server.Behave(LoopbackDnsBehavior.Silent);
        var started = scene.Clock.GetUtcNow();

        var answer = await scene.ResolveAndTimeOutAsync(questions: 6);

        Assert.Equal(TxtError.Timeout, answer.Error);
        Assert.Equal($"{scene.Server.EndPoint} did not answer within 2 s", answer.Detail);
        Assert.Equal((3, 3), (scene.Server.TcpQueryCount, scene.Server.UdpQueryCount));
        Assert.Equal(TimeSpan.FromSeconds(6), scene.Clock.GetUtcNow() - started);
    }

    [Fact]
    public async Task Waits_as_long_as_the_attempt_has_and_no_longer()
    {
        await using var scene = new ResolverScene(overTcp: false);
        scene.Server.Behave(LoopbackDnsBehavior.Silent);
        scene.Options.Attempts = 1;
        var resolving = scene.ResolveAsync();
        await scene.WaitForQuestionsAsync(1);

        scene.Clock.Advance(scene.Options.Timeout - TimeSpan.FromMilliseconds(1));
        Assert.Equal([TimeSpan.FromMilliseconds(1)], scene.Clock.ArmedTimers);
        Assert.False(resolving.IsCompleted);

        scene.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(TxtError.Timeout, (await resolving).Error);
    }

    [Fact]
    public async Task Tries_again_after_a_lost_question()
    {
        await using var scene = new ResolverScene();
        scene.Server.Behave(LoopbackDnsBehavior.Silent, LoopbackDnsBehavior.Answer);

        var answer = await scene.ResolveAndTimeOutAsync(questions: 1);

        Assert.Equal([ResolverScene.Text], answer.Texts);
    }

    [Fact]
    public async Task Goes_round_the_servers()
    {
        await using var scene = new ResolverScene(servers: 2);
        List<int> asked = [];
        foreach (var (index, server) in scene.Servers.Index())
        {
            server.Behave(_ =>
            {
                asked.Add(index);
                return LoopbackDnsBehavior.Refused;
            });
        }

        scene.Options.Attempts = 5;
        await scene.ResolveAsync();

        Assert.Equal([0, 1, 0, 1, 0], asked);
    }

    [Fact]
    public async Task Asks_every_server_before_one_is_asked_twice_also_the_fourth_of_four()
    {
        await using var scene = new ResolverScene(servers: 4);
        foreach (var server in scene.Servers.Take(3))
        {
            server.Behave(LoopbackDnsBehavior.ServerFailure);
        }

        Assert.True((await scene.ResolveAsync()).Succeeded);
        Assert.Equal([1, 1, 1, 1], scene.Servers.Select(static server => server.QueryCount));
    }

    [Fact]
    public async Task A_firewall_that_drops_TCP_leaves_half_of_the_time_for_UDP()
    {
        await using var scene = new ResolverScene(overTcp: false);
        using var firewall = DroppingFirewall.InFrontOf(scene.Server.EndPoint);
        scene.Options.Servers = [firewall.EndPoint.ToString()];
        var resolving = scene.ResolveAsync();
        await ResolverScene.UntilAsync(() => scene.Clock.ArmedTimers.Contains(scene.Options.Timeout / 2));
        Assert.False(resolving.IsCompleted);

        scene.Clock.Advance(scene.Options.Timeout / 2);

        Assert.Equal([ResolverScene.Text], (await resolving).Texts);
        Assert.Single(scene.Log.WithId(4155));
    }

    [Fact]
    public async Task What_comes_octet_by_octet_over_TCP_is_read()
    {
        await using var scene = new ResolverScene();
        scene.Server.Behave(LoopbackDnsBehavior.DribbleOverTcp);

        Assert.Equal([ResolverScene.Text], (await scene.ResolveAsync()).Texts);
        Assert.Equal((0, 1), (scene.Server.UdpQueryCount, scene.Server.TcpQueryCount));
    }

    [Fact]
    public async Task Asks_the_next_server_when_one_fails_and_is_content_with_its_answer()
    {
        await using var scene = new ResolverScene(servers: 2);
        scene.Servers[0].Behave(LoopbackDnsBehavior.ServerFailure);

        Assert.True((await scene.ResolveAsync()).Succeeded);
        Assert.Equal((1, 1), (scene.Servers[0].QueryCount, scene.Servers[1].QueryCount));
    }

    [Theory]
    [InlineData(LoopbackDnsBehavior.Refused, TxtError.Refused, 3)]
    [InlineData(LoopbackDnsBehavior.ServerFailure, TxtError.ServerFailure, 3)]
    [InlineData(LoopbackDnsBehavior.CutShort, TxtError.Malformed, 3)]
    public async Task Tells_of_the_server_that_said_most_and_quotes_all(LoopbackDnsBehavior second, TxtError error, int questions)
    {
        await using var scene = new ResolverScene(servers: 2);
        scene.Servers[0].Behave(LoopbackDnsBehavior.Silent);
        scene.Servers[1].Behave(second);
        var resolving = scene.ResolveAsync();

        // Over TCP and over UDP to the first, to the second, and to the first again.
        foreach (var question in (int[])[1, 2, questions + 1, questions + 2])
        {
            await scene.WaitForQuestionsAsync(question);
            scene.Clock.Advance(scene.Options.Timeout / 2);
        }

        var answer = await resolving;

        Assert.Equal(error, answer.Error);
        Assert.All(scene.Servers, server => Assert.Contains(server.EndPoint.ToString(), answer.Detail, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(LoopbackDnsBehavior.StallOverTcp)]
    [InlineData(LoopbackDnsBehavior.Silent)]
    public async Task TCP_has_half_of_the_time_and_UDP_the_rest(LoopbackDnsBehavior overTcp)
    {
        await using var scene = new ResolverScene();
        scene.Server.Behave(question => question.IsOverTcp ? overTcp : LoopbackDnsBehavior.Silent);
        scene.Options.Attempts = 1;
        var resolving = scene.ResolveAsync();
        await scene.WaitForQuestionsAsync(1);

        Assert.Equal([scene.Options.Timeout / 2, scene.Options.Timeout], scene.Clock.ArmedTimers);
        scene.Clock.Advance(scene.Options.Timeout / 2);
        await scene.WaitForQuestionsAsync(2);
        Assert.False(resolving.IsCompleted);
        scene.Clock.Advance(scene.Options.Timeout / 2);

        Assert.Equal(TxtError.Timeout, (await resolving).Error);
    }

    [Theory]
    [InlineData(LoopbackDnsBehavior.WrongId)]
    [InlineData(LoopbackDnsBehavior.WrongQuestion)]
    [InlineData(LoopbackDnsBehavior.Garbage)]
    public async Task Waits_on_after_a_wrong_datagram_and_says_in_the_end_that_one_came(LoopbackDnsBehavior behavior)
    {
        await using var scene = new ResolverScene(overTcp: false);
        scene.Server.Behave(behavior, LoopbackDnsBehavior.Answer);
        scene.Options.Attempts = 1;
        var resolving = scene.ResolveAsync();
        await scene.WaitForQuestionsAsync(1);

        Assert.False(resolving.IsCompleted);
        scene.Clock.Advance(scene.Options.Timeout);
        var answer = await resolving;

        // The datagram may come before or after the time is up: nothing but a clock could make sure, and there is none.
        Assert.True(answer.Error is TxtError.Malformed or TxtError.Timeout, answer.ToString());
        Assert.Equal(1, scene.Server.QueryCount);
    }

    [Fact]
    public async Task A_server_that_sends_something_wrong_and_then_nothing_is_said_to_have_sent_it()
    {
        await using var scene = new ResolverScene();
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        scene.Options.Servers = [$"{server.LocalEndPoint}"];
        scene.Options.Attempts = 1;
        var buffer = new byte[512];
        var resolving = scene.ResolveAsync();
        var question = await ReceiveAsync();

        // Once the resolver has read that EDNS is refused, and asks without, it has read what came before.
        var refused = new AnswerMessage(id: (ushort)((buffer[0] << 8) | buffer[1]), flags: 0x8181, questions: 0, answers: 0).ToArray();
        foreach (var datagram in (byte[][])[[1, 2, 3], [], refused])
        {
            await server.SendToAsync(datagram, question.RemoteEndPoint);
        }

        await ReceiveAsync();
        scene.Clock.Advance(scene.Options.Timeout);
        var answer = await resolving;

        Assert.Equal((TxtError.Malformed, $"{server.LocalEndPoint} sent 2 datagram(s), none of which answers the question"), (answer.Error, answer.Detail));
        var told = Assert.Single(scene.Log.WithId(4154));
        Assert.Equal(LogLevel.Warning, told.Level);
        Assert.StartsWith($"Ignored 2 datagram(s) that came from {server.LocalEndPoint} and do not answer the question for {ResolverScene.Name}.", told.Message, StringComparison.Ordinal);

        Task<SocketReceiveFromResult> ReceiveAsync() => server.ReceiveFromAsync(buffer, server.LocalEndPoint!, TestContext.Current.CancellationToken).AsTask()
            .WaitAsync(ResolverScene.Limit, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Does_not_hear_an_answer_from_another_port()
    {
        await using var scene = new ResolverScene(overTcp: false);
        scene.Server.Behave(LoopbackDnsBehavior.WrongSender, LoopbackDnsBehavior.Answer);
        var resolving = scene.ResolveAsync();
        await scene.WaitForQuestionsAsync(1);
        scene.Clock.Advance(scene.Options.Timeout);

        var answer = await resolving;

        Assert.Equal([ResolverScene.Text], answer.Texts);
        Assert.Empty(scene.Log.WithId(4154));
    }

    [Theory]
    [InlineData(LoopbackDnsBehavior.Silent, true)]
    [InlineData(LoopbackDnsBehavior.StallOverTcp, true)]
    [InlineData(LoopbackDnsBehavior.Silent, false)]
    public async Task Stops_at_once_when_it_is_cancelled(LoopbackDnsBehavior behavior, bool overTcp)
    {
        await using var scene = new ResolverScene(overTcp: overTcp);
        scene.Server.Behave(behavior);
        scene.Options.Attempts = 1;
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var resolving = scene.ResolveAsync(stopping: stopping.Token);
        await scene.WaitForQuestionsAsync(1);

        await stopping.CancelAsync();

        var thrown = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resolving);
        Assert.Equal(stopping.Token, thrown.CancellationToken);
        Assert.Equal(1, scene.Server.QueryCount);
        Assert.Empty(scene.Clock.ArmedTimers);
    }

    [Fact]
    public async Task Asks_nobody_when_it_is_cancelled_before_it_starts()
    {
        await using var scene = new ResolverScene();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => scene.ResolveAsync(stopping: new CancellationToken(canceled: true)));

        Assert.Equal(0, scene.Server.QueryCount);
    }

    [Fact]
    public async Task Leaves_no_timer_behind()
    {
        await using var scene = new ResolverScene();

        await scene.ResolveAsync();

        Assert.Empty(scene.Clock.ArmedTimers);
    }
}
