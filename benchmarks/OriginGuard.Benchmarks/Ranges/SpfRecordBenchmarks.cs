using System.Text;
using BenchmarkDotNet.Attributes;
using OriginGuard.Ranges;

namespace OriginGuard.Benchmarks.Ranges;

/// <summary>Reading one record. It happens on a refresh, never on a request; what matters is that no record is dear.</summary>
[MemoryDiagnoser]
public class SpfRecordBenchmarks
{
    private string _text = "";

    [ParamsAllValues]
    public SpfText Record { get; set; }

    [GlobalSetup]
    public void Write()
    {
        _text = Text(Record);
        _ = Read();
    }

    [Benchmark]
    public int Read() => SpfRecord.TryParse(_text, out var record, out var mistake)
        ? record.Terms.Count
        : throw new InvalidOperationException(mistake);

    internal static string Text(SpfText record) => record switch
    {
        SpfText.Full => Fill(RoutingTable.Ipv4(5_000).Select(network => $" ip4:{network}")),
        SpfText.Hostile => Fill(Enumerable.Repeat(" a", SpfRecord.MaxLength)),
        _ => "v=spf1 ip4:34.96.0.0/20 ip4:34.127.192.0/18 ~all",
    };

    private static string Fill(IEnumerable<string> terms)
    {
        var text = new StringBuilder("v=spf1");
        foreach (var term in terms.TakeWhile(term => text.Length + term.Length <= SpfRecord.MaxLength))
        {
            text.Append(term);
        }

        return text.ToString();
    }
}
