using System.Net;
using System.Net.Sockets;

namespace OriginGuard.Networks;

/// <summary>
/// Arithmetic of networks, by IPNetwork2: never on a request, and never its parser, which guesses. It compares numbers and not families (to it
/// <c>34.96.0.0/20</c> and <c>::/3</c> overlap), so families are parted before it is asked. The surface keeps <see cref="IPNetwork"/>.
/// </summary>
internal static class NetworkSet
{
    public static bool Overlap(IPNetwork left, IPNetwork right) => FamilyOf(left) == FamilyOf(right) && Of(left).Overlap(Of(right));

    /// <summary>Whether every address of the inner network is one of the outer.</summary>
    public static bool Contain(IPNetwork outer, IPNetwork inner) => FamilyOf(outer) == FamilyOf(inner) && Of(outer).Contains(Of(inner));

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

    private static AddressFamily FamilyOf(IPNetwork network) => network.BaseAddress.AddressFamily;

    private static IPNetwork2 Of(IPNetwork network) => new(network.BaseAddress, (byte)network.PrefixLength);

    private static IPNetwork From(IPNetwork2 network) => new(network.Network, network.Cidr);
}
