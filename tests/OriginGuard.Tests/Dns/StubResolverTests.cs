using System.Net;
using Microsoft.Extensions.Logging;
using OriginGuard.Dns;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Dns;

public class StubResolverTests
{
    [Fact]
    public async Task Resolves_a_record_in_one_question_over_TCP()
    {
        await using var scene = new ResolverScene();

        var answer = await scene.ResolveAsync();

        Assert.Equal([ResolverScene.Text], answer.Texts);
        Assert.Equal(LoopbackDnsServer.DefaultTimeToLive, answer.TimeToLive);
        Assert.Equal((0, 1), (scene.Server.UdpQueryCount, scene.Server.TcpQueryCount));
        Assert.Single(scene.Log.WithId(4150));
        Assert.Empty(scene.Log.WithId(4155));
    }

    [Fact]
    public async Task Resolves_several_records_of_several_strings_behind_aliases()
    {
        await using var scene = new ResolverScene();
        scene.Server.SetRecords(
            "end.test",
            new LoopbackDnsRecord(TimeSpan.FromSeconds(20), "v=spf1 ip4:192.0.2", ".0/24 ~all"),
            new LoopbackDnsRecord(TimeSpan.FromSeconds(10), "\u00FFther"));
        scene.Server.SetAlias("start.test", "middle.test");
        scene.Server.SetAlias("middle.test", "end.test");

        var answer = await scene.ResolveAsync("Start.test.");

        Assert.Equal(["v=spf1 ip4:192.0.2.0/24 ~all", "\u00FFther"], answer.Texts);
        Assert.Equal(TimeSpan.FromSeconds(10), answer.TimeToLive);
    }

    [Theory]
    [InlineData(LoopbackDnsBehavior.Truncate)]
    [InlineData(LoopbackDnsBehavior.RefuseEdns)]
    [InlineData(LoopbackDnsBehavior.WrongSender)]
    [InlineData(LoopbackDnsBehavior.ForgeFirst)]
    [InlineData(LoopbackDnsBehavior.ForgeMany)]
    public async Task Over_TCP_nothing_is_cut_off_and_nobody_forges(LoopbackDnsBehavior behavior)
    {
        await using var scene = new ResolverScene();
        scene.Server.Behave(behavior);

        var answer = await scene.ResolveAsync();

        Assert.Equal([ResolverScene.Text], answer.Texts);
        Assert.Equal((0, 1), (scene.Server.UdpQueryCount, scene.Server.TcpQueryCount));
    }

    [Fact]
    public async Task Asks_over_UDP_where_no_connection_is_to_be_had_and_says_so_once()
    {
        await using var scene = new ResolverScene(overTcp: false);

        Assert.Equal([ResolverScene.Text], (await scene.ResolveAsync()).Texts);
        Assert.Equal([ResolverScene.Text], (await scene.ResolveAsync()).Texts);

        Assert.Equal((2, 0), (scene.Server.UdpQueryCount, scene.Server.TcpQueryCount));
        Assert.Equal([LogLevel.Warning, LogLevel.Debug], scene.Log.WithId(4155).Select(static entry => entry.Level));
        Assert.Empty(scene.Log.WithId(4154));
    }

    [Fact]
    public async Task What_was_slow_or_down_says_nothing_of_UDP_and_what_answers_over_TCP_again_is_news_when_it_does_not()
    {
        await using var scene = new ResolverScene();
        var isTcpShut = true;
        scene.Server.Behave(question => question.IsOverTcp && isTcpShut ? LoopbackDnsBehavior.CloseOverTcp : LoopbackDnsBehavior.Answer);
        var servers = scene.Options.Servers;

        var gone = LoopbackDnsServer.Start();
        await gone.DisposeAsync();
        scene.Options.Servers = [gone.EndPoint.ToString()];
        Assert.False((await scene.ResolveAsync()).Succeeded);
        Assert.Empty(scene.Log.WithId(4155));

        scene.Options.Servers = servers;
        foreach (var isShut in (bool[])[true, true, false, true])
        {
            isTcpShut = isShut;
            Assert.Equal([ResolverScene.Text], (await scene.ResolveAsync()).Texts);
        }

        Assert.Equal([LogLevel.Warning, LogLevel.Debug, LogLevel.Warning], scene.Log.WithId(4155).Select(static entry => entry.Level));
    }

    [Fact]
    public async Task Datagrams_that_answer_nothing_are_told_ever_more_rarely()
    {
        await using var scene = new ResolverScene(overTcp: false);
        scene.Server.Behave(LoopbackDnsBehavior.ForgeFirst);

        for (var i = 0; i < 16; i++)
        {
            await scene.ResolveAsync();
        }

        Assert.Equal((16, 5), (scene.Log.WithId(4154).Count(), scene.Log.WithId(4154).Count(static entry => entry.Level is LogLevel.Warning)));

        scene.Server.Behave(LoopbackDnsBehavior.Answer);
        await scene.ResolveAsync();
        scene.Server.Behave(LoopbackDnsBehavior.ForgeFirst);
        await scene.ResolveAsync();
        Assert.Equal(LogLevel.Warning, scene.Log.WithId(4154).Last().Level);
    }

    [Fact]
    public async Task A_connection_that_the_server_has_closed_since_costs_no_resolution()
    {
        await using var scene = new ResolverScene();
        await using var closing = await ClosingDnsServer.StartAsync(scene.Server.EndPoint);
        scene.Options.Servers = [closing.EndPoint.ToString()];
        scene.Options.Attempts = 1;

        for (var i = 1; i <= 6; i++)
        {
            Assert.Equal([ResolverScene.Text], (await scene.ResolveAsync()).Texts);
            await closing.ClosedAsync(i);
        }

        Assert.Empty(scene.Log.WithId(4155));
    }

    [Fact]
    public async Task Reads_an_answer_as_long_as_a_message_can_be()
    {
        await using var scene = new ResolverScene();
        scene.Server.Behave(LoopbackDnsBehavior.HugeAnswer);

        Assert.Equal([63_750], (await scene.ResolveAsync()).Texts.Select(text => text.Length));
    }

    [Fact]
    public async Task Over_UDP_it_asks_again_without_EDNS_when_the_server_stumbles_over_it()
    {
        await using var scene = new ResolverScene(overTcp: false);
        List<bool> edns = [];
        scene.Server.Behave(question =>
        {
            edns.Add(question.HasEdns);
            return LoopbackDnsBehavior.RefuseEdns;
        });

        Assert.True((await scene.ResolveAsync()).Succeeded);

        Assert.Equal([true, false], edns);
        Assert.Single(scene.Log.WithId(4153));
    }

    [Fact]
    public async Task Does_not_believe_the_half_that_fits_into_a_datagram()
    {
        await using var scene = new ResolverScene(overTcp: false);
        scene.Server.SetTxt(ResolverScene.Name, new string('x', 2000));

        var answer = await scene.ResolveAsync();

        Assert.Equal(TxtError.Network, answer.Error);
        Assert.Contains("more to say than a datagram holds, and cannot be asked over TCP", answer.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LoopbackDnsBehavior.NameError, TxtError.NameError, "NXDOMAIN (3)", 1)]
    [InlineData(LoopbackDnsBehavior.ServerFailure, TxtError.ServerFailure, "SERVFAIL (2)", 3)]
    [InlineData(LoopbackDnsBehavior.Refused, TxtError.Refused, "REFUSED (5)", 3)]
    [InlineData(LoopbackDnsBehavior.NotImplemented, TxtError.ServerFailure, "NOTIMP (4)", 3)]
    [InlineData(LoopbackDnsBehavior.Referral, TxtError.ServerFailure, "refers", 3)]
    [InlineData(LoopbackDnsBehavior.CutShort, TxtError.Malformed, "not well formed", 3)]
    [InlineData(LoopbackDnsBehavior.AliasLoop, TxtError.Malformed, "aliases", 3)]
    [InlineData(LoopbackDnsBehavior.CloseOverTcp, TxtError.Network, "cannot be asked over TCP", 6)]
    public async Task Says_which_server_failed_and_how(LoopbackDnsBehavior behavior, TxtError error, string detail, int questions)
    {
        await using var scene = new ResolverScene();
        scene.Server.Behave(behavior);

        var answer = await scene.ResolveAsync();

        Assert.Equal(error, answer.Error);
        Assert.Contains(detail, answer.Detail, StringComparison.Ordinal);
        Assert.Contains(scene.Server.EndPoint.ToString(), answer.Detail, StringComparison.Ordinal);
        Assert.Equal(questions, scene.Server.QueryCount);

        // What all three attempts said stands there once.
        Assert.DoesNotContain(";", answer.Detail, StringComparison.Ordinal);
        var attempts = error is TxtError.NameError ? 1 : 3;
        Assert.Equal(
            Enumerable.Range(1, attempts).Select(attempt => $"Attempt {attempt} of 3 to resolve {ResolverScene.Name} failed with {error}: {answer.Detail}."),
            scene.Log.WithId(4151).Select(static entry => entry.Message));
    }

    [Fact]
    public async Task Of_several_servers_the_most_telling_error_counts_and_all_are_named()
    {
        await using var scene = new ResolverScene(servers: 2);
        scene.Servers[0].Behave(LoopbackDnsBehavior.AliasLoop);
        scene.Servers[1].Behave(LoopbackDnsBehavior.Refused);

        var answer = await scene.ResolveAsync();

        Assert.Equal(TxtError.Refused, answer.Error);
        var said = answer.Detail!.Split("; ");
        Assert.Equal(2, said.Length);
        Assert.All(scene.Servers.Zip(said), static pair => Assert.StartsWith($"{pair.First.EndPoint} ", pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Takes_no_record_for_an_answer()
    {
        await using var scene = new ResolverScene();
        scene.Server.SetTxt(ResolverScene.Name);

        Assert.Equal(TxtError.NoData, (await scene.ResolveAsync()).Error);
        Assert.Equal(1, scene.Server.QueryCount);
    }

    [Fact]
    public async Task Passes_over_forged_datagrams_and_waits_for_the_answer()
    {
        await using var scene = new ResolverScene(overTcp: false);
        scene.Server.Behave(LoopbackDnsBehavior.ForgeFirst);

        var answer = await scene.ResolveAsync();

        Assert.Equal([ResolverScene.Text], answer.Texts);
        Assert.Equal((1, 0), (scene.Server.UdpQueryCount, scene.Server.TcpQueryCount));
        Assert.Contains("Ignored 4", Assert.Single(scene.Log.WithId(4154)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Believes_nobody_when_somebody_guesses_again_and_again()
    {
        await using var scene = new ResolverScene(overTcp: false);
        scene.Server.Behave(LoopbackDnsBehavior.ForgeMany);
        scene.Options.Attempts = 1;

        var answer = await scene.ResolveAsync();

        Assert.Equal(TxtError.Malformed, answer.Error);
        Assert.Equal($"{scene.Server.EndPoint} sent {UdpTransport.MaxIgnored} datagrams, none of which answers the question, and cannot be asked over TCP", answer.Detail);
        Assert.Contains($"Ignored {UdpTransport.MaxIgnored}", Assert.Single(scene.Log.WithId(4154)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LoopbackDnsBehavior.WrongId)]
    [InlineData(LoopbackDnsBehavior.WrongQuestion)]
    [InlineData(LoopbackDnsBehavior.Garbage)]
    public async Task Does_not_believe_a_wrong_answer_over_TCP(LoopbackDnsBehavior behavior)
    {
        await using var scene = new ResolverScene();
        scene.Server.Behave(behavior);

        var answer = await scene.ResolveAsync();

        Assert.Equal((TxtError.Malformed, 0), (answer.Error, scene.Server.UdpQueryCount));
    }

    [Fact]
    public async Task Hears_at_once_that_nobody_listens()
    {
        await using var scene = new ResolverScene();
        await scene.Server.DisposeAsync();

        var answer = await scene.ResolveAsync();

        Assert.Equal(TxtError.Network, answer.Error);
        Assert.Contains("ConnectionRefused", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asks_over_IPv6_too()
    {
        Assert.SkipUnless(System.Net.Sockets.Socket.OSSupportsIPv6, "There is no IPv6 here.");
        await using var scene = new ResolverScene();
        await using var server = LoopbackDnsServer.Start(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        server.SetTxt(ResolverScene.Name, "over IPv6");
        scene.Options.Servers = [server.EndPoint.ToString()];

        Assert.Equal(["over IPv6"], (await scene.ResolveAsync()).Texts);
    }

    [Fact]
    public async Task Draws_another_source_port_for_each_question()
    {
        await using var scene = new ResolverScene(overTcp: false);
        List<int> ports = [];
        scene.Server.Behave(question =>
        {
            ports.Add(question.Client.Port);
            return LoopbackDnsBehavior.ServerFailure;
        });
        scene.Options.Attempts = 20;

        await scene.ResolveAsync();

        Assert.InRange(ports.Distinct().Count(), 15, 20);
        Assert.NotEqual(1, ports.Zip(ports.Skip(1), (one, next) => next - one).Distinct().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("two words.test")]
    [InlineData("line\nbreak.test")]
    public async Task Answers_with_an_error_to_what_is_no_name(string name)
    {
        await using var scene = new ResolverScene();

        var answer = await scene.ResolveAsync(name);

        Assert.Equal((TxtError.Malformed, "what was asked for is not a domain name (RFC 1035, section 2.3.4)"), (answer.Error, answer.Detail));
        Assert.Equal(0, scene.Server.QueryCount);
    }

    [Fact]
    public async Task Answers_with_an_error_when_no_configured_server_can_be_read()
    {
        await using var scene = new ResolverScene();
        scene.Options.Servers = ["nonsense"];

        var answer = await scene.ResolveAsync();

        Assert.Equal((TxtError.Network, "no DNS server is configured, and the system names none"), (answer.Error, answer.Detail));
    }

    [Fact]
    public Task Nothing_is_no_name() =>
        Assert.ThrowsAsync<ArgumentNullException>(async () =>
        {
            await using var scene = new ResolverScene();
            await scene.ResolveAsync(null!);
        });

    [Fact]
    public async Task Turns_even_what_was_not_foreseen_into_an_error_and_logs_it()
    {
        await using var scene = new ResolverScene();
        scene.Options.HttpsEndpoint = new Uri("https://dns.test/");
        scene.CreateHttpClient = static () => throw new InvalidOperationException("no client");

        var answer = await scene.ResolveAsync();

        Assert.Equal((TxtError.Network, "resolving failed unexpectedly (InvalidOperationException)"), (answer.Error, answer.Detail));
        Assert.IsType<InvalidOperationException>(Assert.Single(scene.Log.WithId(4152)).Exception);
    }

    [Fact]
    public async Task Takes_the_options_that_are_in_force_when_it_is_asked()
    {
        await using var scene = new ResolverScene(servers: 2);
        scene.Options.Servers = [scene.Servers[1].EndPoint.ToString()];

        await scene.ResolveAsync();

        Assert.Equal((0, 1), (scene.Servers[0].QueryCount, scene.Servers[1].QueryCount));
    }
}
