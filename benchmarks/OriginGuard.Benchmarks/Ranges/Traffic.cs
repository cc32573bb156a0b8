using System.Buffers.Binary;
using System.Net;

namespace OriginGuard.Benchmarks.Ranges;

/// <summary>
/// Addresses in no order, half of them inside the networks and half beside them, and far more than a processor can learn by heart: a
/// short list, asked again and again, flatters everything that branches.
/// </summary>
internal static class Traffic
{
    public static uint[] Ipv4(IPNetwork[] networks, int count)
    {
        var trie = CidrTrie.Create(networks);
        var random = new Random(2);
        return Mix(
            random,
            count,
            () => Inside(random, networks, 96),
            () => Beside(random, UInt128.Zero, 0, address => trie.Contains((uint)(address >> 96))),
            static address => (uint)(address >> 96));
    }

    public static UInt128[] Ipv6(IPNetwork[] networks, int count)
    {
        var trie = CidrTrie.Create(networks);
        var random = new Random(2);
        var globalUnicast = (UInt128)0x2000 << 112;
        return Mix(
            random, count, () => Inside(random, networks, 0), () => Beside(random, globalUnicast, 3, trie.Contains), static address => address);
    }

    /// <summary>The same loop without a lookup: each address is read and counted.</summary>
    public static int CountOdd(uint[] addresses)
    {
        var odd = 0;
        foreach (var address in addresses)
        {
            odd += (int)(address & 1);
        }

        return odd;
    }

    /// <summary>What is measured of a trie: one lookup for each address.</summary>
    public static int CountInside(CidrTrie trie, uint[] addresses)
    {
        var inside = 0;
        foreach (var address in addresses)
        {
            inside += trie.Contains(address) ? 1 : 0;
        }

        return inside;
    }

    /// <inheritdoc cref="CountInside(CidrTrie, uint[])"/>
    public static int CountInside(CidrTrie trie, UInt128[] addresses)
    {
        var inside = 0;
        foreach (var address in addresses)
        {
            inside += trie.Contains(address) ? 1 : 0;
        }

        return inside;
    }

    private static TAddress[] Mix<TAddress>(
        Random random, int count, Func<UInt128> inside, Func<UInt128> beside, Func<UInt128, TAddress> convert)
    {
        var addresses = new TAddress[count];
        for (var i = 0; i < count; i++)
        {
            addresses[i] = convert(i % 2 == 0 ? inside() : beside());
        }

        random.Shuffle(addresses);
        return addresses;
    }

    private static UInt128 Inside(Random random, IPNetwork[] networks, int shift)
    {
        var network = networks[random.Next(networks.Length)];
        Span<byte> bytes = stackalloc byte[16];
        network.BaseAddress.TryWriteBytes(bytes, out _);
        var length = network.PrefixLength;
        return BinaryPrimitives.ReadUInt128BigEndian(bytes) | (length + shift == 128 ? UInt128.Zero : RandomAddress(random) >> length);
    }

    private static UInt128 Beside(Random random, UInt128 prefix, int length, Func<UInt128, bool> isInside)
    {
        UInt128 address;
        do
        {
            address = prefix | (RandomAddress(random) >> length);
        }
        while (isInside(address));

        return address;
    }

    private static UInt128 RandomAddress(Random random) =>
        new((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64(long.MinValue, long.MaxValue));
}
