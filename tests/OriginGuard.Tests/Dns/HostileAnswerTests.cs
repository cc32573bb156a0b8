using System.Globalization;
using OriginGuard.Dns;
using Xunit;

namespace OriginGuard.Tests.Dns;

public class HostileAnswerTests
{
    private const int Seed = 20260101;
    private const int IterationsInCi = 150_000;

    private static readonly DnsQuery Query = DnsQuery.CreateForHttps(
        DnsName.TryParse("a.test", out var name) ? name : throw new InvalidOperationException(), edns: true);

    /// <summary>Good answers of every shape that the reader knows: what is to be broken.</summary>
    private static readonly byte[][] GoodAnswers =
    [
        new AnswerMessage().Question().Pointer(12).Txt(60, "v=spf1 ip4:192.0.2.0/24 ~all").ToArray(),
        new AnswerMessage(answers: 3, additionals: 1).Question()
            .Pointer(12).Record(5, 60, [1, (byte)'b', 0xC0, 14])
            .Octets(1, (byte)'b').Pointer(14).Record(5, 60, AnswerMessage.EncodedName("c.test"))
            .Name("c.test").Txt(60, "v=spf1 ", "ip6:2001:db8::/32", " ~all")
            .Opt().ToArray(),
        new AnswerMessage(answers: 2, authorities: 1, additionals: 2).Question()
            .Pointer(12).Txt(60, new string('x', 255), new string('y', 255))
            .Pointer(12).Txt(60, "two")
            .Name("test").Record(2, 60, [2, (byte)'n', (byte)'s', 0xC0, 14])
            .Name("ns.test").Record(1, 60, [127, 0, 0, 1])
            .Opt().ToArray(),
    ];

    [Fact]
    public void Is_given_good_answers_to_break() =>
        Assert.All(GoodAnswers, message =>
        {
            Assert.True(Query.IsAnsweredBy(message));
            Assert.True(TxtResponseReader.Read(message, "server").Succeeded);
        });

    [Fact]
    public void Believes_no_truncated_prefix_of_a_good_answer()
    {
        foreach (var message in GoodAnswers)
        {
            for (var length = 0; length < message.Length; length++)
            {
                var prefix = message.AsSpan(0, length);

                Assert.False(TxtResponseReader.Read(prefix, "server").Succeeded);
                Assert.True(length >= 24 || !Query.IsAnsweredBy(prefix));
            }
        }
    }

    /// <summary>
    /// 150,000 broken answers, always the same. For a longer run that goes elsewhere each time, set ORIGINGUARD_FUZZ_ITERATIONS to a number
    /// (30,000,000 take some minutes); a failure prints the message, which then becomes a test of its own.
    /// </summary>
    [Fact]
    public void Survives_a_long_run_of_mutated_answers()
    {
        var asked = Environment.GetEnvironmentVariable("ORIGINGUARD_FUZZ_ITERATIONS");
        var iterations = int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : IterationsInCi;
        var mutator = new AnswerMutator(new Random(asked is null ? Seed : Random.Shared.Next()), GoodAnswers);
        var stillGood = 0;

        for (var i = 0; i < iterations; i++)
        {
            stillGood += Check(mutator.Next()) ? 1 : 0;
        }

        // Most mutants must be refused and some must get through, or the run has not been near the edge.
        Assert.InRange(stillGood, iterations / 50, iterations / 2);
    }

    [Fact]
    public void Spends_bounded_effort_on_a_message_made_to_be_expensive()
    {
        // As many records as fit, each owned by the longest chain of pointers, which leads to a name that is not the one looked for;
        // and at the end an alias in a loop, so that all of them are walked again and again.
        const int Data = 36;
        var pointers = Enumerable.Range(0, DnsLabels.MaxPointers - 1).SelectMany(i => Pointer(i == 0 ? Data : Data + 6 + (2 * i)));
        byte[] chain = [.. AnswerMessage.EncodedName("b.test"), .. pointers];
        var records = (65_535 - Data - chain.Length - 14) / 14;
        var message = new AnswerMessage(answers: records + 2).Question().Pointer(12).Record(99, 60, chain);
        for (var i = 0; i < records; i++)
        {
            message.Pointer(Data + chain.Length - 2).Record(5, 60, Pointer(12));
        }

        var octets = message.Pointer(12).Record(5, 60, Pointer(12)).ToArray();

        Assert.False(Check(octets));
        Assert.Contains("loop", TxtResponseReader.Read(octets, "server").Detail, StringComparison.Ordinal);

        static byte[] Pointer(int offset) => [(byte)(0xC0 | (offset >> 8)), (byte)offset];
    }

    private static bool Check(byte[] message)
    {
        try
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            _ = Query.IsAnsweredBy(message);
            var answer = TxtResponseReader.Read(message, "server");
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

            Assert.Equal(answer.Succeeded, answer.Error is TxtError.None);
            Assert.Equal(answer.Succeeded, answer.Texts.Count > 0);
            Assert.True(answer.TimeToLive >= TimeSpan.Zero);
            Assert.True(answer.Texts.Sum(text => text.Length) <= message.Length);
            Assert.True(allocated <= (32 * message.Length) + 4096, $"{allocated} bytes allocated for {message.Length}");
            return answer.Succeeded;
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException("The message was " + Convert.ToHexString(message), failure);
        }
    }
}
