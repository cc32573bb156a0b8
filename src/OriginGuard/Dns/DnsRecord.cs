namespace OriginGuard.Dns;

/// <summary>Where a resource record lies in its message. Offsets, not copies: a compressed name costs no memory until it is compared.</summary>
internal readonly record struct DnsRecord(int Owner, ushort Type, ushort Class, uint TimeToLive, int Data, int DataLength);
