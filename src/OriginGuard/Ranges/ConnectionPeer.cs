using System.Net;

namespace OriginGuard.Ranges;

/// <summary>The peer as the connection guard saw it, before a byte was read. A feature of the connection, which its requests see too.</summary>
internal sealed record ConnectionPeer(IPAddress? Address);
