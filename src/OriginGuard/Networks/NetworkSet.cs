using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OriginGuard.Networks;

/// <summary>
/// Arithmetic of networks, mostly by IPNetwork2: never on a request, and never its parser, which guesses. It compares numbers and not families (to it
/// <c>34.96.0.0/20</c> and <c>::/3</c> overlap), so families are parted before it is asked. The surface keeps <see cref="IPNetwork"/>.
/// </summary>
internal static class NetworkSet
{
    public static bool Overlap(IPNetwork left, IPNetwork right) => Contain(left, right) || Contain(right, left);

    /// <summary>Whether every address of the inner network is one of the outer.</summary>
    /// <remarks>
    /// By bits: a record of thousands is compared with every network of Google's lists, and IPNetwork2 makes several numbers without bounds for each pair. The framework's
    /// <see cref="IPNetwork.Contains"/> takes IPv4-mapped addresses for IPv4.
    /// </remarks>
    public static bool Contain(IPNetwork outer, IPNetwork inner) =>
        outer.PrefixLength <= inner.PrefixLength
        && FamilyOf(outer) == FamilyOf(inner)
        && (outer.PrefixLength == 0 || (Bits(outer) ^ Bits(inner)) >> (128 - outer.PrefixLength) == 0);

    /// <summary>IPv4 first, then by address, wider networks first.</summary>
    public static IReadOnlyList<IPNetwork> InOrder(IEnumerable<IPNetwork> networks) =>
        [.. networks.OrderBy(static network => FamilyOf(network) is not AddressFamily.InterNetwork)
            .ThenBy(static network => IPNetwork2.ToBigInteger(network.BaseAddress)).ThenBy(static network => network.PrefixLength)];

    /// <summary>The fewest networks that hold the same addresses, in order.</summary>
    public static IReadOnlyList<IPNetwork> Aggregate(IEnumerable<IPNetwork> networks) =>
        InOrder(networks.GroupBy(FamilyOf).SelectMany(static family => IPNetwork2.Supernet([.. family.Select(Of)])).Select(From));

    /// <summary>What is left of a network without others: nothing where they hold it.</summary>
    public static IReadOnlyList<IPNetwork> Subtract(IPNetwork network, IEnumerable<IPNetwork> others)
    {
        List<IPNetwork2> left = [Of(network)];
        foreach (var other in others.Where(other => FamilyOf(other) == FamilyOf(network)).Select(Of))
        {
            left = [.. left.SelectMany(part => part.Overlap(other) ? part.Subtract(other) : [part])];
        }

        return [.. left.Select(From)];
    }

    /// <summary>How many addresses of a family networks hold, each counted once.</summary>
    public static UInt128 CountAddresses(IEnumerable<IPNetwork> networks, AddressFamily family) =>
        IPNetwork2.Supernet([.. networks.Where(network => FamilyOf(network) == family).Select(Of)])
            .Aggregate(UInt128.Zero, static (sum, network) => sum + (UInt128)System.Numerics.BigInteger.Min(network.Total, (System.Numerics.BigInteger)(UInt128.MaxValue - sum)));

    /// <summary>The address, from the highest bit on.</summary>
    private static UInt128 Bits(IPNetwork network)
    {
        Span<byte> address = stackalloc byte[16];
        address.Clear();
        network.BaseAddress.TryWriteBytes(address, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(address);
    }

    private static AddressFamily FamilyOf(IPNetwork network) => network.BaseAddress.AddressFamily;

    private static IPNetwork2 Of(IPNetwork network) => new(network.BaseAddress, (byte)network.PrefixLength);

    private static IPNetwork From(IPNetwork2 network) => new(network.Network, network.Cidr);
}
