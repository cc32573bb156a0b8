using OriginGuard.Benchmarks.Statistics;

namespace OriginGuard.Benchmarks.Results;

/// <summary>One lookup in the trie beside one in a poptrie in C, in turns: nanoseconds of each round.</summary>
internal sealed record PoptrieFigure(string Family, int Networks, IReadOnlyList<double> Trie, IReadOnlyList<double> Poptrie)
{
    public const string Ipv4 = "IPv4";
    public const string Ipv6 = "IPv6";

    public Spread Ratio() => Spread.Of(Trie.Zip(Poptrie, static (trie, poptrie) => trie / poptrie));
}
