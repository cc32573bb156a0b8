namespace OriginGuard.Dns;

/// <summary>Where a resource record lies in its message. Offsets, not copies: a name that is compressed costs no memory.</summary>
internal readonly record struct DnsRecord(int Owner, ushort Type, ushort Class, uint TimeToLive, int Data, int DataLength);
