using System.Net;

namespace OriginGuard.Networks;

/// <summary>Tells by an address who sits there.</summary>
internal static class PeerKinds
{
    private static readonly IPNetwork[] LinkLocal = [IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("fe80::/10")];

    // RFC 1918, RFC 6598, RFC 4193. Not the other special-purpose networks: nobody sits there.
    private static readonly IPNetwork[] Private =
        [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("fc00::/7")];

    // RFC 1122, RFC 3927, RFC 4291: where a proxy in front of the application sits, a sidecar, or the front end of a platform.
    private static readonly IPNetwork[] Near = [.. LinkLocal, IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")];

    /// <summary>Where machines of the operator's own sit: this one, and those beside it.</summary>
    public static IReadOnlyList<IPNetwork> Site { get; } = [.. Private, .. Near];

    /// <summary>Whether nobody but this machine, and what stands right in front of it, has an address there.</summary>
    public static bool IsNear(IPNetwork network) => Array.Exists(Near, near => NetworkSet.Contain(near, network));

    public static PeerKind Of(IPAddress? address) => address switch
    {
        null => PeerKind.None,
        _ when IPAddress.IsLoopback(address) => PeerKind.Loopback,
        _ when GoogleFrontEnds.Hold(address) => PeerKind.GoogleFrontEnd,
        _ when Array.Exists(LinkLocal, network => network.Contains(address)) => PeerKind.LinkLocal,
        _ when Array.Exists(Private, network => network.Contains(address)) => PeerKind.Private,
        _ => PeerKind.Public,
    };
}
