using System.Globalization;
using BenchmarkDotNet.Attributes;
using OriginGuard.Benchmarks.Ranges;
using OriginGuard.Dns;

namespace OriginGuard.Benchmarks.Dns;

/// <summary>Reading one DNS message. It happens on a refresh; the hostile one is the most that a forged answer can make the origin work.</summary>
[MemoryDiagnoser]
public class TxtResponseBenchmarks
{
    private const int MaxMessage = 65_535;
    private const int Aliases = 16;
    private const int AliasRecord = 14;

    private byte[] _message = [];

    [ParamsAllValues]
    public TxtResponse Response { get; set; }

    [GlobalSetup]
    public void Write()
    {
        _message = Response is TxtResponse.Hostile ? Hostile() : Ordinary(Response is TxtResponse.Full ? SpfText.Full : SpfText.Real);
        _ = Read();
    }

    [Benchmark]
    public int Read() => TxtResponseReader.Read(_message, "server") is { Error: TxtError.None } answer
        ? answer.Texts.Count
        : throw new InvalidOperationException("The message was not read.");

    private static byte[] Ordinary(SpfText record)
    {
        var message = new TxtResponseMessage("_cloud-eoips", "googleusercontent", "com");
        var text = SpfRecordBenchmarks.Text(record);
        message.AddText(text[..Math.Min(text.Length, 65_000)]);
        return message.ToArray();
    }

    // Each alias is looked for among all records, each compared with it over 100 labels; the chain that is right comes last. Its names come
    // first, inside records that are not asked for, because a pointer reaches no further than 16 KiB.
    private static byte[] Hostile()
    {
        var message = new TxtResponseMessage(Name("x"));
        var beside = message.AddAlias(TxtResponseMessage.Question + 2, Name("y"));
        var chain = Enumerable.Range(0, Aliases).Select(i => message.AddAlias(beside, Name(i.ToString(CultureInfo.InvariantCulture)))).ToArray();
        while (message.Length + ((Aliases + 4) * AliasRecord) <= MaxMessage)
        {
            message.AddAlias(beside, beside);
        }

        var owner = TxtResponseMessage.Question;
        foreach (var name in chain)
        {
            message.AddAlias(owner, name);
            owner = name;
        }

        message.AddText("v=spf1 ~all", owner);
        return message.ToArray();
    }

    private static string[] Name(string last) => [.. Enumerable.Repeat("a", 100), last];
}
