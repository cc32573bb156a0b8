using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace OriginGuard.Benchmarks.Ranges;

/// <summary>
/// Networks shaped like the Internet's routing table: every prefix length about as often as a route collector sees it, many inside wider
/// ones, and neighbours near each other, as the registries hand them out. The same seed gives the same table.
/// Set <c>ORIGINGUARD_PREFIXES</c> to a file with one network a line to measure a real table instead.
/// </summary>
internal static class RoutingTable
{
    private const string FileVariable = "ORIGINGUARD_PREFIXES";
    private const double ShareInsideAnother = 0.4;
    private const double ShareNearAnother = 0.5;
    private const int FarthestNeighbour = 12;

    // Networks of each length in 100,000.
    private static readonly (int Length, int Share)[] Ipv4Lengths =
    [
        (8, 2), (9, 1), (10, 4), (11, 10), (12, 30), (13, 60), (14, 125), (15, 215), (16, 1420), (17, 850), (18, 1440), (19, 2640), (20, 4500), (21, 5200),
        (22, 11500), (23, 10500), (25, 25), (26, 20), (27, 15), (28, 12), (29, 15), (30, 6), (32, 10), (24, 61400),
    ];

    private static readonly (int Length, int Share)[] Ipv6Lengths =
    [
        (20, 20), (22, 15), (24, 30), (26, 15), (27, 20), (28, 150), (29, 2500), (30, 650), (31, 300), (32, 12500), (33, 1900), (34, 1200), (35, 750),
        (36, 4300), (37, 500), (38, 1200), (39, 650), (40, 8200), (41, 450), (42, 2000), (43, 450), (44, 9200), (45, 900), (46, 2700), (47, 2600),
        (56, 150), (64, 200), (128, 50), (48, 46400),
    ];

    private static readonly ushort[] Ipv6Blocks =
    [
        0x2001, 0x2400, 0x2402, 0x2404, 0x2406, 0x2408, 0x240E, 0x2600, 0x2602, 0x2604, 0x2606, 0x2607,
        0x2620, 0x2800, 0x2803, 0x2804, 0x2A00, 0x2A02, 0x2A03, 0x2A06, 0x2A0B, 0x2A0E, 0x2A10, 0x2C0F,
    ];

    public static IPNetwork[] Ipv4(int count, int seed = 1) => FromFile(AddressFamily.InterNetwork, count)
        ?? [.. Generate(count, new Random(seed), Ipv4Lengths, RandomAddress, first => (byte)(first >> 120) is > 0 and < 224 and not 10 and not 127)
            .Select(prefix => new IPNetwork(ToIpv4((uint)(prefix.First >> 96)), prefix.Length))];

    public static IPNetwork[] Ipv6(int count, int seed = 1) => FromFile(AddressFamily.InterNetworkV6, count)
        ?? [.. Generate(count, new Random(seed), Ipv6Lengths, RandomIpv6Block, first => (byte)(first >> 120) is >= 0x20 and < 0x40)
            .Select(prefix => new IPNetwork(ToIpv6(prefix.First), prefix.Length))];

    public static (UInt128 First, UInt128 Last) ToRange(IPNetwork network)
    {
        Span<byte> bytes = stackalloc byte[16];
        network.BaseAddress.TryWriteBytes(bytes, out var length);
        var first = length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
        var hostBits = (length * 8) - network.PrefixLength;
        return (first, hostBits == 128 ? UInt128.MaxValue : first | ((UInt128.One << hostBits) - 1));
    }

    public static IPAddress ToIpv4(uint address)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, address);
        return new IPAddress(bytes);
    }

    public static IPAddress ToIpv6(UInt128 address)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, address);
        return new IPAddress(bytes);
    }

    private static IPNetwork[]? FromFile(AddressFamily family, int count)
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is not { Length: > 0 } path)
        {
            return null;
        }

        var networks = File.ReadLines(path).Where(line => line.Length > 0).Select(line => IPNetwork.Parse(line))
            .Where(network => network.BaseAddress.AddressFamily == family).Distinct().ToArray();
        new Random(1).Shuffle(networks);
        return networks.Length >= count
            ? networks[..count]
            : throw new InvalidOperationException($"{path} holds {networks.Length} networks of {family}; {count} are needed.");
    }

    /// <summary>Addresses stand at the left of the 128 bits in both families.</summary>
    private static List<(UInt128 First, int Length)> Generate(
        int count, Random random, (int Length, int Share)[] lengths, Func<Random, UInt128> newBlock, Func<UInt128, bool> isPublic)
    {
        var known = new HashSet<(UInt128, int)>();
        var made = new List<(UInt128 First, int Length)>(count);
        foreach (var (length, share) in lengths)
        {
            // The last length takes what rounding has left.
            var wanted = length == lengths[^1].Length ? count - made.Count : (int)((long)count * share / 100_000);
            var (others, end) = (made.Count, made.Count + wanted);
            while (made.Count < end)
            {
                var first = Place(random, made, others, length, newBlock) & (UInt128.MaxValue << (128 - length));
                if (isPublic(first) && known.Add((first, length)))
                {
                    made.Add((first, length));
                }
            }
        }

        random.Shuffle(CollectionsMarshal.AsSpan(made));
        return made;
    }

    private static UInt128 Place(
        Random random, List<(UInt128 First, int Length)> made, int others, int length, Func<Random, UInt128> newBlock)
    {
        if (others > 0 && random.NextDouble() < ShareInsideAnother)
        {
            var around = made[random.Next(others)];
            return around.First | (RandomAddress(random) >> around.Length);
        }

        return made.Count > others && random.NextDouble() < ShareNearAnother
            ? made[random.Next(others, made.Count)].First + ((UInt128)random.Next(1, FarthestNeighbour) << (128 - length))
            : newBlock(random);
    }

    private static UInt128 RandomAddress(Random random) =>
        new((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64(long.MinValue, long.MaxValue));

    // Most allocations are made from the lower end of what a registry holds.
    private static UInt128 RandomIpv6Block(Random random) =>
        ((UInt128)Ipv6Blocks[random.Next(Ipv6Blocks.Length)] << 112) | (RandomAddress(random) >> (random.Next(4) == 0 ? 16 : 19));
}
