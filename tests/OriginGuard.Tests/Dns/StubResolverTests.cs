using System.Net;
using OriginGuard.Dns;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Dns;

public class StubResolverTests
{
    [Fact]
    public async Task Resolves_a_record_in_one_question_over_UDP()
    {
        await using var scene = new ResolverScene();

        var answer = await scene.ResolveAsync();

        Assert.Equal([ResolverScene.Text], answer.Texts);
        Assert.Equal(LoopbackDnsServer.DefaultTimeToLive, answer.TimeToLive);
        Assert.Equal((1, 0), (scene.Server.UdpQueryCount, scene.Server.TcpQueryCount));
        Assert.Single(scene.Log.WithId(4150));
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
    [InlineData(LoopbackDnsBehavior.DribbleOverTcp)]
    public async Task Asks_the_same_server_over_TCP_for_what_was_truncated(LoopbackDnsBehavior behavior)
    {
        await using var scene = new ResolverScene();
        scene.Server.Behave(behavior);

        var answer = await scene.ResolveAsync();

        Assert.Equal([ResolverScene.Text], answer.Texts);
        Assert.Equal((1, 1), (scene.Server.UdpQueryCount, scene.Server.TcpQueryCount));
        Assert.Single(scene.Log.WithId(4155));
    }

    [Fact]
    public async Task Reads_an_answer_as_long_as_a_message_can_be()
    {
        await using var scene = new ResolverScene();
        scene.Server.Behave(LoopbackDnsBehavior.HugeAnswer);

        Assert.Equal([63_750], (await scene.ResolveAsync()).Texts.Select(text => text.Length));
    }

    [Fact]
    public async Task Asks_again_without_EDNS_when_the_server_stumbles_over_it()
    {
        await using var scene = new ResolverScene();
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
    public async Task Goes_to_TCP_after_512_octets_without_EDNS()
    {
        await using var scene = new ResolverScene();
        scene.Server.SetTxt(ResolverScene.Name, new string('x', 600));
        scene.Server.Behave(LoopbackDnsBehavior.RefuseEdns);

        Assert.True((await scene.ResolveAsync()).Succeeded);

        Assert.Equal((2, 1), (scene.Server.UdpQueryCount, scene.Server.TcpQueryCount));
    }

    [Theory]
    [InlineData(LoopbackDnsBehavior.NameError, TxtError.NameError, "NXDOMAIN (3)", 1)]
    [InlineData(LoopbackDnsBehavior.ServerFailure, TxtError.ServerFailure, "SERVFAIL (2)", 3)]
    [InlineData(LoopbackDnsBehavior.Refused, TxtError.Refused, "REFUSED (5)", 3)]
    [InlineData(LoopbackDnsBehavior.NotImplemented, TxtError.ServerFailure, "NOTIMP (4)", 6)]
    [InlineData(LoopbackDnsBehavior.Referral, TxtError.ServerFailure, "refers", 3)]
    [InlineData(LoopbackDnsBehavior.CutShort, TxtError.Malformed, "not well formed", 6)]
    [InlineData(LoopbackDnsBehavior.AliasLoop, TxtError.Malformed, "aliases", 6)]
    [InlineData(LoopbackDnsBehavior.CloseOverTcp, TxtError.Network, "closed the connection", 6)]
    public async Task Says_which_server_failed_and_how(LoopbackDnsBehavior behavior, TxtError error, string detail, int questions)
    {
        await using var scene = new ResolverScene();
        scene.Server.Behave(behavior);

        var answer = await scene.ResolveAsync();

        Assert.Equal(error, answer.Error);
        Assert.Contains(detail, answer.Detail, StringComparison.Ordinal);
        Assert.Contains(scene.Server.EndPoint.ToString(), answer.Detail, StringComparison.Ordinal);
        Assert.Equal(questions, scene.Server.QueryCount);
        Assert.NotEmpty(scene.Log.WithId(4151));
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
        await using var scene = new ResolverScene();
        scene.Server.Behave(LoopbackDnsBehavior.ForgeFirst);

        var answer = await scene.ResolveAsync();

        Assert.Equal([ResolverScene.Text], answer.Texts);
        Assert.Equal((1, 0), (scene.Server.UdpQueryCount, scene.Server.TcpQueryCount));
        Assert.Contains("Ignored 4", Assert.Single(scene.Log.WithId(4154)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Goes_to_TCP_when_somebody_guesses_again_and_again()
    {
        await using var scene = new ResolverScene();
        scene.Server.Behave(LoopbackDnsBehavior.ForgeMany);

        var answer = await scene.ResolveAsync();

        Assert.Equal([ResolverScene.Text], answer.Texts);
        Assert.Equal((1, 1), (scene.Server.UdpQueryCount, scene.Server.TcpQueryCount));
        Assert.Contains($"Ignored {UdpTransport.MaxIgnored}", Assert.Single(scene.Log.WithId(4154)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LoopbackDnsBehavior.WrongId)]
    [InlineData(LoopbackDnsBehavior.WrongQuestion)]
    [InlineData(LoopbackDnsBehavior.Garbage)]
    public async Task Does_not_believe_a_wrong_answer_over_TCP_either(LoopbackDnsBehavior behavior)
    {
        await using var scene = new ResolverScene();
        scene.Server.Behave(question => question.IsOverTcp ? behavior : LoopbackDnsBehavior.Truncate);

        var answer = await scene.ResolveAsync();

        Assert.Equal(TxtError.Malformed, answer.Error);
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
        await using var scene = new ResolverScene();
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

        Assert.Equal(TxtError.Malformed, answer.Error);
        Assert.DoesNotContain("line", answer.Detail, StringComparison.Ordinal);
        Assert.Equal(0, scene.Server.QueryCount);
    }

    [Fact]
    public async Task Answers_with_an_error_when_no_configured_server_can_be_read()
    {
        await using var scene = new ResolverScene();
        scene.Options.Servers = ["nonsense"];

        Assert.Equal(TxtError.Network, (await scene.ResolveAsync()).Error);
    }

    [Fact]
    public async Task Turns_even_what_was_not_foreseen_into_an_error_and_logs_it()
    {
        await using var scene = new ResolverScene();
        scene.Options.HttpsEndpoint = new Uri("https://dns.test/");
        scene.CreateHttpClient = static () => throw new InvalidOperationException("no client");

        var answer = await scene.ResolveAsync();

        Assert.Equal(TxtError.Network, answer.Error);
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
