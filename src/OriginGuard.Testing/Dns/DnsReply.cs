namespace OriginGuard.Testing.Dns;

/// <summary>A message to send, and how. An empty message is not sent.</summary>
internal readonly record struct DnsReply(byte[] Message)
{
    /// <summary>Over UDP: from a port that was not asked.</summary>
    public bool FromElsewhere { get; init; }

    public DnsReplyPace Pace { get; init; }
}
