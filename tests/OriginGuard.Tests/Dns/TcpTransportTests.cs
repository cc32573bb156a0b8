using System.Net;
using System.Net.Sockets;
using OriginGuard.Dns;
using Xunit;

namespace OriginGuard.Tests.Dns;

/// <summary>A server over TCP that answers with any octets.</summary>
public sealed class TcpTransportTests : IAsyncDisposable
{
    private static readonly DnsName Name = DnsName.TryParse("a.test", out var name) ? name : throw new InvalidOperationException();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private volatile byte[] _answer = [];

    public TcpTransportTests()
    {
        _listener.Start();
        _running = ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _listener.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task Reads_the_records_behind_aliases_and_only_those()
    {
        _answer = new AnswerMessage(answers: 5).Question()
            .Pointer(12).Record(5, 40, AnswerMessage.EncodedName("B.test"))
            .Name("b.test").Txt(60, "v=spf1 ", "-all")
            .Name("evil.test").Txt(60, "v=spf1 ip4:192.0.2.66 -all")
            .Pointer(12).Txt(60, "behind the alias")
            .Name("b.test").Txt(50, "two").ToArray();

        var answer = await AskAsync();

        Assert.Equal(["v=spf1 -all", "two"], answer.Texts);
        Assert.Equal(TimeSpan.FromSeconds(40), answer.TimeToLive);
    }

    public static TheoryData<byte[]> Answers => new(
        new AnswerMessage(answers: 1).Question("other.test").Name("other.test").Txt(60, "v=spf1 ip4:192.0.2.66 -all").ToArray(),
        new AnswerMessage(answers: 1).Question(type: 1).Pointer(12).Txt(60, "v=spf1 ip4:192.0.2.66 -all").ToArray(),
        new AnswerMessage(answers: 1).Question(@class: 3).Pointer(12).Txt(60, "v=spf1 ip4:192.0.2.66 -all").ToArray(),
        new AnswerMessage(questions: 0, answers: 1).Name("a.test").Txt(60, "v=spf1 ip4:192.0.2.66 -all").ToArray(),
        new AnswerMessage(flags: 0x0180, answers: 1).Question().Pointer(12).Txt(60, "v=spf1 ip4:192.0.2.66 -all").ToArray(),
        new AnswerMessage(flags: 0xA980, answers: 1).Question().Pointer(12).Txt(60, "v=spf1 ip4:192.0.2.66 -all").ToArray(),
        new AnswerMessage(flags: 0x8380, answers: 1).Question().Pointer(12).Txt(60, "v=spf1 ip4:192.0.2.66 -all").ToArray(),
        new AnswerMessage(answers: 1).Question().Name("evil.test").Txt(60, "v=spf1 ip4:192.0.2.66 -all").ToArray(),
        new AnswerMessage(answers: 1).Question().Pointer(12).Record(16, 60, [], @class: 3).ToArray(),
        new AnswerMessage(answers: 1).Question().Pointer(12).Record(16, 60, []).ToArray(),
        new AnswerMessage(answers: 1).Question().Pointer(12).Record(16, 60, [9, (byte)'v']).ToArray());

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Believes_no_answer_to_another_question_of_another_owner_or_class_and_none_that_is_cut(byte[] message)
    {
        _answer = message;

        Assert.False((await AskAsync()).Succeeded);
    }

    [Theory]
    [InlineData(0x8181, TxtError.ServerFailure, "answered FORMERR (1)")]
    [InlineData(0x8184, TxtError.ServerFailure, "answered NOTIMP (4)")]
    [InlineData(0x8183, TxtError.Malformed, "answered over TCP, and not to the question")]
    public async Task Only_a_server_that_could_not_read_the_question_may_leave_it_out(int flags, TxtError error, string detail)
    {
        _answer = new AnswerMessage(flags: (ushort)flags, questions: 0, answers: 0).ToArray();

        var answer = await AskAsync();

        Assert.Equal(error, answer.Error);
        Assert.EndsWith(detail, answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_the_octets_are_the_end_is_a_value()
    {
        byte[][] good =
        [
            new AnswerMessage(answers: 1).Question().Pointer(12).Txt(60, "v=spf1 ip4:192.0.2.0/24 ~all").ToArray(),
            new AnswerMessage(answers: 3, additionals: 1).Question()
                .Pointer(12).Record(5, 60, [1, (byte)'b', 0xC0, 14])
                .Octets(1, (byte)'b').Pointer(14).Record(5, 60, AnswerMessage.EncodedName("c.test"))
                .Name("c.test").Txt(60, "v=spf1 ", "ip6:2001:db8::/32", " ~all")
                .Opt().ToArray(),
        ];
        var mutator = new AnswerMutator(new Random(20261128), good);
        HashSet<TxtError> seen = [];
        for (var i = 0; i < 1_500; i++)
        {
            _answer = mutator.Next();
            seen.Add((await AskAsync()).Error);
        }

        Assert.Superset(new HashSet<TxtError> { TxtError.None, TxtError.Malformed, TxtError.NoData, TxtError.ServerFailure }, seen);
    }

    [Fact]
    public async Task Names_without_an_end_cost_no_more_than_the_message()
    {
        // 32 KiB of labels, and as many records as fit, each of whose names begins there.
        byte[] labels = [.. Enumerable.Repeat((byte[])[63, .. new byte[63]], 510).SelectMany(static label => label), 0];
        const int Data = 36;
        var records = (65_535 - Data - labels.Length) / 12;
        var message = new AnswerMessage(answers: records + 1).Question().Pointer(12).Record(99, 60, labels);
        for (var i = 0; i < records; i++)
        {
            message.Pointer(Data).Record(99, 60, []);
        }

        _answer = message.ToArray();
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Assert.Equal(TxtError.Malformed, (await AskAsync()).Error);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        // Others allocate meanwhile, hence the least of several, and a bound that only the attack goes beyond.
        Assert.InRange(least, 0, 32 * 1024 * 1024);
    }

    private async Task<TxtAnswer> AskAsync() =>
        await TcpTransport.AskAsync((IPEndPoint)_listener.LocalEndpoint, Name, TestContext.Current.CancellationToken) ?? TxtAnswer.Failed(TxtError.Network);

    /// <summary>Answers each question with the octets, under the id of the question.</summary>
    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                client.NoDelay = true;
                await AnswerAsync(client.GetStream());
            }
            catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException)
            {
                // The client has had enough, or the end.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        while (true)
        {
            var prefix = new byte[2];
            await stream.ReadExactlyAsync(prefix, _stop.Token);
            var query = new byte[(prefix[0] << 8) | prefix[1]];
            await stream.ReadExactlyAsync(query, _stop.Token);
            var answer = (byte[])_answer.Clone();
            query.AsSpan(0, Math.Min(2, answer.Length)).CopyTo(answer);
            await stream.WriteAsync((byte[])[(byte)(answer.Length >> 8), (byte)answer.Length, .. answer], _stop.Token);
        }
    }
}
