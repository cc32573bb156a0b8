using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using OriginGuard.Dns;
using OriginGuard.Testing;
using OriginGuard.Testing.Dns;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Testing;

public class LoopbackDnsServerTests
{
    // 12 of the header, 12 of the question, 11 of OPT and 12 before the data leave 65,488 octets, of which 256 are lengths of strings.
    private const int LongestText = 65_232;

    [Fact]
    public async Task Listens_on_loopback_over_UDP_and_TCP_at_one_free_port()
    {
        await using var dns = LoopbackDnsServer.Start();
        using var tcp = new Socket(SocketType.Stream, ProtocolType.Tcp);

        await tcp.ConnectAsync(dns.EndPoint, TestContext.Current.CancellationToken);

        Assert.Equal(IPAddress.Loopback, dns.EndPoint.Address);
        Assert.NotEqual(0, dns.EndPoint.Port);
    }

    [Fact]
    public async Task Listens_where_it_is_told_to()
    {
        IPEndPoint free;
        await using (var first = LoopbackDnsServer.Start())
        {
            free = first.EndPoint;
            Assert.Throws<SocketException>(() => LoopbackDnsServer.Start(free));
        }

        await using var second = LoopbackDnsServer.Start(free);
        second.SetTxt("a.test", "here");

        Assert.Equal(free, second.EndPoint);
        Assert.Equal(["here"], (await ResolveAsync(second, "a.test")).Texts);
    }

    [Fact]
    public async Task Answers_with_what_was_set_last_whatever_the_case_of_the_name()
    {
        await using var dns = LoopbackDnsServer.Start();

        dns.SetTxt("A.test.", "one");
        Assert.Equal(["one"], (await ResolveAsync(dns, "a.TEST")).Texts);

        dns.SetTxt("a.test", TimeSpan.FromSeconds(7), "two", "three");
        var answer = await ResolveAsync(dns, "a.test");
        Assert.Equal(["two", "three"], answer.Texts);
        Assert.Equal(TimeSpan.FromSeconds(7), answer.TimeToLive);

        dns.SetTxt("a.test");
        Assert.Equal(TxtError.NoData, (await ResolveAsync(dns, "a.test")).Error);

        dns.Remove("a.test");
        Assert.Equal(TxtError.NameError, (await ResolveAsync(dns, "a.test")).Error);
    }

    [Fact]
    public async Task Needs_to_be_told_how_to_behave()
    {
        await using var dns = LoopbackDnsServer.Start();

        Assert.Throws<ArgumentException>(() => dns.Behave([]));
    }

    [Fact]
    public void A_name_that_no_message_can_hold_is_a_mistake()
    {
        Assert.Equal([1, (byte)'a', 4, .. "test"u8, 0], DnsResponse.EncodeName("a.test."));
        Assert.Throws<ArgumentException>(() => DnsResponse.EncodeName($"{new string('a', 64)}.test"));
        Assert.Throws<ArgumentException>(() => DnsResponse.EncodeName("\u0100.test"));
    }

    public static TheoryData<byte[], bool> Questions => new()
    {
        { [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, (byte)'a', 0, 0, 16, 0, 1], true },
        { [0, 7, 0x81, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, (byte)'a', 0, 0, 16, 0, 1], false },
        { [0, 7, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 1, (byte)'a', 0, 0, 16, 0, 1], false },
        { [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, (byte)'a', 0, 0, 16, 0], false },
        { [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, (byte)'a'], false },
        { [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xC0, 12, 0, 16, 0, 1], false },
        { [0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 9, (byte)'a', 0, 0, 16, 0, 1], false },
        { [0, 7, 1, 0], false },
    };

    [Theory]
    [MemberData(nameof(Questions), DisableDiscoveryEnumeration = true)]
    public void Only_one_whole_question_is_answered(byte[] message, bool isAnswered)
    {
        Assert.Equal(isAnswered, DnsRequest.TryRead(message, out var request));
        Assert.Equal(isAnswered ? "a" : null, request?.Name);
    }

    [Fact]
    public async Task Cuts_long_texts_into_strings_and_truncates_what_UDP_does_not_carry()
    {
        await using var dns = LoopbackDnsServer.Start();
        var text = new string('x', 5000);
        dns.SetTxt("big.test", text, "");

        Assert.Equal([text, ""], (await ResolveAsync(dns, "big.test")).Texts);
        Assert.Equal((0, 1, 1), (dns.UdpQueryCount, dns.TcpQueryCount, dns.QueryCount));

        await using var udp = LoopbackDnsServer.StartUdpOnly();
        udp.SetTxt("big.test", text, "");
        Assert.Contains("more to say than a datagram holds", (await ResolveAsync(udp, "big.test")).Detail, StringComparison.Ordinal);
        Assert.Equal(0, udp.TcpQueryCount);
    }

    [Fact]
    public async Task Does_not_loop_over_aliases_that_a_test_has_set_in_a_circle()
    {
        await using var dns = LoopbackDnsServer.Start();
        dns.SetAlias("a.test", "b.test");
        dns.SetAlias("b.test", "a.test");

        Assert.Equal(TxtError.Malformed, (await ResolveAsync(dns, "a.test")).Error);
    }

    [Fact]
    public async Task Misbehaves_in_the_order_that_it_was_given_and_stays_with_the_last()
    {
        await using var dns = LoopbackDnsServer.Start();
        dns.SetTxt("a.test", "text");
        dns.Behave(LoopbackDnsBehavior.ServerFailure, LoopbackDnsBehavior.NameError, LoopbackDnsBehavior.Answer);

        Assert.Equal(TxtError.ServerFailure, (await ResolveAsync(dns, "a.test")).Error);
        Assert.Equal(TxtError.NameError, (await ResolveAsync(dns, "a.test")).Error);
        Assert.True((await ResolveAsync(dns, "a.test")).Succeeded);
        Assert.True((await ResolveAsync(dns, "a.test")).Succeeded);
    }

    [Fact]
    public async Task Tells_a_delegate_what_was_asked()
    {
        await using var dns = LoopbackDnsServer.Start();
        await using var udp = LoopbackDnsServer.StartUdpOnly();
        List<LoopbackDnsQuestion> questions = [];
        foreach (var server in (LoopbackDnsServer[])[dns, udp])
        {
            server.Behave(question =>
            {
                questions.Add(question);
                return LoopbackDnsBehavior.NameError;
            });
            await ResolveAsync(server, "Spelt.Test");
        }

        Assert.Equal(["1: Spelt.Test over TCP", "1: Spelt.Test over UDP"], questions.Select(question => question.ToString()));
        Assert.Equal([false, true], questions.Select(static question => question.HasEdns));
        Assert.All(questions, question => Assert.Equal(16, question.Type));
        Assert.All(questions, question => Assert.Equal(IPAddress.Loopback, question.Client.Address));
    }

    [Fact]
    public async Task Says_when_a_question_has_come()
    {
        await using var dns = LoopbackDnsServer.Start();
        var second = dns.WaitForQueriesAsync(2, TestContext.Current.CancellationToken);

        await ResolveAsync(dns, "a.test");
        await dns.WaitForQueriesAsync(1, TestContext.Current.CancellationToken);
        Assert.False(second.IsCompleted);

        await ResolveAsync(dns, "a.test");
        await second;
    }

    [Fact]
    public async Task Answers_several_questions_on_one_connection_and_survives_those_that_are_none()
    {
        await using var dns = LoopbackDnsServer.Start();
        dns.SetTxt("a.test", "text");
        using (var udp = new UdpClient())
        {
            await udp.SendAsync(new byte[] { 1, 2, 3 }, dns.EndPoint, TestContext.Current.CancellationToken);
        }

        using var tcp = new TcpClient();
        await tcp.ConnectAsync(dns.EndPoint, TestContext.Current.CancellationToken);
        var stream = tcp.GetStream();
        byte[] question = [0, 24, 0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, .. "a"u8, 4, .. "test"u8, 0, 0, 16, 0, 1];
        byte[] nonsense = [0, 2, 9, 9];
        await stream.WriteAsync((byte[])[.. question, .. nonsense, .. question], TestContext.Current.CancellationToken);
        var answers = new byte[2 * (2 + 24 + 12 + 5)];
        await stream.ReadExactlyAsync(answers, TestContext.Current.CancellationToken);

        Assert.Equal(answers[..(answers.Length / 2)], answers[(answers.Length / 2)..]);
        Assert.Equal(2, dns.QueryCount);
    }

    [Fact]
    public async Task Ends_although_connections_are_open_and_may_be_disposed_twice()
    {
        var dns = LoopbackDnsServer.Start();
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(dns.EndPoint, TestContext.Current.CancellationToken);

        await dns.DisposeAsync();
        await dns.DisposeAsync();

        Assert.Equal(TxtError.Network, (await ResolveAsync(dns, "a.test")).Error);
    }

    [Fact]
    public async Task What_a_test_s_own_code_throws_ends_the_server_and_comes_out_of_it()
    {
        var dns = LoopbackDnsServer.Start();
        dns.SetTxt("a.test", "x");
        dns.Behave(_ => throw new InvalidOperationException("what the test asserts"));
        var first = await ResolveAsync(dns, "a.test");
        dns.Behave(LoopbackDnsBehavior.Answer);

        var second = await ResolveAsync(dns, "a.test");

        // Refused, and not left to wait for a server that does not read any more.
        Assert.Equal((TxtError.Network, TxtError.Network), (first.Error, second.Error));
        Assert.Equal("what the test asserts", (await Assert.ThrowsAsync<InvalidOperationException>(async () => await dns.DisposeAsync())).Message);
        await dns.DisposeAsync();
    }

    public static TheoryData<string, bool> Names => new()
    {
        { "", false },
        { "a.test.", true },
        { $"{new string('x', 63)}.test", true },
        { $"{new string('x', 64)}.test", false },
        { $"{Labels(3)}.{new string('x', 61)}", true },
        { $"{Labels(3)}.{new string('x', 62)}", false },
        { Labels(4), false },
        { "\u00FF.test", true },
        { "\u20AC.test", false },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Refuses_a_name_that_no_answer_can_hold(string name, bool isTaken)
    {
        await using var dns = LoopbackDnsServer.Start();
        Action[] uses = [() => dns.SetTxt(name, "x"), () => dns.SetRecords(name), () => dns.SetAlias(name, "b.test"), () => dns.SetAlias("a.test", name)];

        Assert.All(uses, use => Assert.Equal(isTaken ? null : typeof(ArgumentException), Record.Exception(use)?.GetType()));
    }

    /// <summary>Over TCP its length goes before a message in two octets, which a longer one would overflow.</summary>
    [Fact]
    public async Task Answers_with_as_much_as_a_message_holds_and_refuses_more()
    {
        await using var dns = LoopbackDnsServer.Start();
        dns.SetTxt("a.test", new string('x', LongestText));
        using var tcp = await AskAsync(dns, 'a');
        var prefix = new byte[2];
        await tcp.GetStream().ReadExactlyAsync(prefix, TestContext.Current.CancellationToken);

        Assert.Equal(65_535 - 11, (prefix[0] << 8) + prefix[1]); // without OPT, for which there is room
        Assert.Contains("65536 octets", Assert.Throws<ArgumentException>("texts", () => dns.SetTxt("a.test", new string('x', LongestText + 1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("records", () => dns.SetRecords("a.test", [.. Enumerable.Repeat(new LoopbackDnsRecord(TimeSpan.Zero, new string('x', 255)), 250)]));
    }

    [Fact]
    public async Task An_alias_of_so_much_that_no_message_holds_both_ends_the_server_and_comes_out_of_it()
    {
        var dns = LoopbackDnsServer.Start();
        dns.SetTxt("a.test", new string('x', LongestText));
        dns.SetAlias("b.test", "a.test");
        using var tcp = await AskAsync(dns, 'b');

        Assert.Equal(0, await tcp.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken));

        Assert.Contains("with its aliases", (await Assert.ThrowsAsync<InvalidOperationException>(async () => await dns.DisposeAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_records_that_do_not_fit()
    {
        Assert.Throws<ArgumentException>(() => new LoopbackDnsRecord(TimeSpan.Zero));
        Assert.Throws<ArgumentException>(() => new LoopbackDnsRecord(TimeSpan.Zero, new string('x', 256)));
        Assert.Throws<ArgumentException>(() => new LoopbackDnsRecord(TimeSpan.Zero, "\u20AC"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoopbackDnsRecord(TimeSpan.FromSeconds(-1), "x"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoopbackDnsRecord(TimeSpan.FromSeconds(4294967296), "x"));
        Assert.Throws<ArgumentException>(() => LoopbackDnsRecord.FromText(new string('x', 66_000), TimeSpan.Zero));
        Assert.Equal("\"one\" \"two\"", new LoopbackDnsRecord(TimeSpan.Zero, "one", "two").ToString());
    }

    /// <summary>Asks over TCP for the TXT records of a name such as <c>a.test</c>, without OPT.</summary>
    private static async Task<TcpClient> AskAsync(LoopbackDnsServer dns, char first)
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(dns.EndPoint, TestContext.Current.CancellationToken);
        byte[] question = [0, 24, 0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, (byte)first, 4, .. "test"u8, 0, 0, 16, 0, 1];
        await tcp.GetStream().WriteAsync(question, TestContext.Current.CancellationToken);
        return tcp;
    }

    private static string Labels(int count) => string.Join('.', Enumerable.Repeat(new string('x', 63), count));

    private static async Task<TxtAnswer> ResolveAsync(LoopbackDnsServer dns, string name)
    {
        var options = new DnsOptions { Servers = [dns.EndPoint.ToString()], Attempts = 1, Timeout = TimeSpan.FromSeconds(30) };
        using var log = new LogRecorder();
        var resolver = new StubResolver(
            () => options, TimeProvider.System, HttpsTransport.CreateClient, new Logger<StubResolver>(log));
        return await resolver.ResolveTxtAsync(name, TestContext.Current.CancellationToken);
    }
}
