using System.Net;

namespace OriginGuard.Tool.Probe;

/// <summary>One request to one address, and what came of it.</summary>
/// <param name="Address">Where it went.</param>
/// <param name="Disguise">What the request pretended.</param>
/// <param name="Verdict">What came of it.</param>
/// <param name="Status">The status, where there was an answer.</param>
/// <param name="Explanation">In words. Parts of it may come from the origin.</param>
/// <param name="HasConnected">Whether there was a connection at all.</param>
internal sealed record ProbeAttempt(
    IPEndPoint Address, string Disguise, ProbeVerdict Verdict, int? Status, string Explanation, bool HasConnected);
