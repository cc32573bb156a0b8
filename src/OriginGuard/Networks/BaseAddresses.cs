using System.Net;
using System.Numerics;

namespace OriginGuard.Networks;

/// <summary>
/// The base addresses of a table's networks as objects. A million of them would be several times the trie, so a large table makes one when
/// it is first asked for and keeps it: whoever asks pays once per network, never once per request.
/// </summary>
internal sealed class BaseAddresses<TAddress>
    where TAddress : struct, IBinaryInteger<TAddress>, IMinMaxValue<TAddress>
{
    private const int PageLength = 256;
    private const int MostAtOnce = 4096;

    private readonly TAddress[] _addresses;
    private readonly IPAddress?[]?[] _pages;

    public BaseAddresses(TAddress[] addresses)
    {
        _addresses = addresses;
        _pages = new IPAddress?[]?[(addresses.Length + PageLength - 1) / PageLength];
        for (var i = 0; i < addresses.Length && addresses.Length <= MostAtOnce; i++)
        {
            _ = this[i];
        }
    }

    // Two threads that meet here may both make the object; either serves.
    public IPAddress this[int index]
    {
        get
        {
            var page = _pages[index / PageLength] ??= new IPAddress?[Math.Min(PageLength, _addresses.Length)];
            return page[index % PageLength] ??= ToAddress(_addresses[index]);
        }
    }

    private static IPAddress ToAddress(TAddress address)
    {
        Span<byte> bytes = stackalloc byte[Prefix<TAddress>.Width / 8];
        address.WriteBigEndian(bytes);
        return new IPAddress(bytes);
    }
}
