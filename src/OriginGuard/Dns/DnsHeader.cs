namespace OriginGuard.Dns;

/// <summary>The first twelve octets of a message, RFC 1035 section 4.1.1.</summary>
internal readonly record struct DnsHeader(ushort Id, ushort Flags, ushort Questions, ushort Answers, ushort Authorities, ushort Additionals)
{
    public bool IsResponse => (Flags & DnsConstants.FlagResponse) != 0;

    public bool IsStandardQuery => (Flags & DnsConstants.OpcodeMask) == 0;

    public bool IsAuthoritative => (Flags & DnsConstants.FlagAuthoritative) != 0;

    public bool IsTruncated => (Flags & DnsConstants.FlagTruncated) != 0;

    public bool IsRecursionAvailable => (Flags & DnsConstants.FlagRecursionAvailable) != 0;

    public DnsResponseCode Code => (DnsResponseCode)(Flags & DnsConstants.ResponseCodeMask);
}
