using System.Net;

namespace OriginGuard.Networks;

/// <summary>The network that stands for a peer where the peer itself shall not be kept.</summary>
internal static class PeerNetwork
{
    /// <summary>The network of a peer: the published one where it lies in one, else as much as one network operator usually holds, /24 or /48.</summary>
    public static IPNetwork Of(IPAddress peer, IPNetwork? published)
    {
        if (published is { } known)
        {
            return known;
        }

        var address = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        var bytes = address.GetAddressBytes();
        var kept = bytes.Length == 4 ? 3 : 6;
        bytes.AsSpan(kept).Clear();
        return new IPNetwork(new IPAddress(bytes), kept * 8);
    }
}
