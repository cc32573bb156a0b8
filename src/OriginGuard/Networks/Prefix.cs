using System.Numerics;
using System.Runtime.CompilerServices;

namespace OriginGuard.Networks;

/// <summary>A network of one family as a number: its lowest address and its prefix length.</summary>
internal readonly record struct Prefix<TAddress>(TAddress First, byte Length) : IComparable<Prefix<TAddress>>
    where TAddress : struct, IBinaryInteger<TAddress>, IMinMaxValue<TAddress>
{
    public static int Width => Unsafe.SizeOf<TAddress>() * 8;

    public TAddress Last => First | HostMask(Length);

    public static Prefix<TAddress> Covering(TAddress address, int length) => new(address & ~HostMask(length), (byte)length);

    public bool Contains(TAddress address) => (address & ~HostMask(Length)) == First;

    /// <summary>By address, and the wider first: a network stands before all that lie in it.</summary>
    public int CompareTo(Prefix<TAddress> other)
    {
        var byAddress = First.CompareTo(other.First);
        return byAddress != 0 ? byAddress : Length.CompareTo(other.Length);
    }

    // A shift by the whole width is a shift by nothing, so /0 is a case of its own.
    private static TAddress HostMask(int length) => length == 0 ? TAddress.MaxValue : ~(TAddress.MaxValue << (Width - length));
}
