using System.Net;

namespace OriginGuard.Ranges;

/// <summary>The address that the server gave a request, noted before any middleware ran. A feature of the request.</summary>
internal sealed record ArrivalAddress(IPAddress? Address);
