namespace OriginGuard;

/// <summary>What counts as the peer of a request.</summary>
public enum PeerAddressSource
{
    /// <summary>Who holds the socket, whatever earlier middleware made of <c>Connection.RemoteIpAddress</c>.</summary>
    Connection,

    /// <summary>
    /// An entry of X-Forwarded-For, counted from the right. Only where a platform in front of the origin always appends that entry, as
    /// Cloud Run does: anywhere else the caller writes it.
    /// </summary>
    ForwardedFor,
}
