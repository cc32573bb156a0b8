namespace OriginGuard.Testing.Dns;

/// <summary>How a reply goes out over TCP.</summary>
internal enum DnsReplyPace
{
    /// <summary>All at once.</summary>
    AtOnce,

    /// <summary>Octet by octet.</summary>
    Dribble,

    /// <summary>Half of it, then nothing.</summary>
    Stall,

    /// <summary>Half of it, then the end of the connection.</summary>
    Close,
}
