using OriginGuard.Dns;
using static OriginGuard.Fuzz.Targets.BrokenPropertyException;

namespace OriginGuard.Fuzz.Targets;

/// <summary>An answer of DNS: never an exception, what the oracle reads and nothing else, and memory in proportion to what arrived.</summary>
internal static class DnsTarget
{
    private const string Asked = "a.test";

    private static readonly DnsQuery Query = DnsQuery.CreateForHttps(DnsName.TryParse(Asked, out var name) ? name : throw new InvalidOperationException(), edns: true);

    public static bool Play(byte[] message)
    {
        var isAnswer = Query.IsAnsweredBy(message);
        ThrowUnless(isAnswer == DnsOracle.Answers(message, Asked + "."), $"It is {(isAnswer ? "taken" : "not taken")} for an answer.");

        var before = GC.GetAllocatedBytesForCurrentThread();
        var answer = TxtResponseReader.Read(message, "server");
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        ThrowUnless(allocated <= (32 * message.Length) + 16_384, $"{allocated} bytes were allocated for {message.Length}.");

        var (error, texts, seconds) = DnsOracle.Read(message);
        ThrowUnless(answer.Error == error, $"It is read as {answer}; the oracle says {error}.");
        ThrowUnless(answer.Texts.SequenceEqual(texts), "The texts are not those of the oracle.");
        ThrowUnless(answer.TimeToLive == TimeSpan.FromSeconds(seconds), $"The TTL is {answer.TimeToLive}; the oracle says {seconds} s.");
        return answer.Succeeded;
    }
}
