using System.Net;

namespace OriginGuard.Benchmarks.Ranges;

/// <summary>How much of the heap a trie keeps for as long as it lives, the networks that it was built from aside.</summary>
internal static class RetainedSize
{
    public static long Of(IPNetwork[] networks)
    {
        GC.KeepAlive(CidrTrie.Create(networks));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var trie = CidrTrie.Create(networks);
        var retained = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(trie);
        GC.KeepAlive(networks);
        return retained;
    }
}
