using System.Net;

namespace OriginGuard.Learning;

/// <summary>What one request in report-only mode showed.</summary>
/// <param name="Peer">Who holds the connection.</param>
/// <param name="Published">The network of the ranges that the peer lies in.</param>
/// <param name="HasSecretHeader">The header is there, whatever its value.</param>
/// <param name="HasRightSecret">Its value is one of the secrets.</param>
/// <param name="HasUser">An assertion was valid.</param>
/// <param name="Audience">What an assertion that Identity-Aware Proxy has signed is for.</param>
internal readonly record struct Observation(IPAddress? Peer, IPNetwork? Published, bool HasSecretHeader, bool HasRightSecret, bool HasUser, string? Audience);
