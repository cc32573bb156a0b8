using OriginGuard.Testing;

namespace OriginGuard.Benchmarks.Iap;

/// <summary>What a stranger writes who wants an assertion to be dear to read: many members, and above them a long name that each was a claim type with.</summary>
internal static class HostileAssertion
{
    public static string Sign(IapAssertionIssuer issuer, int nameLength = 240, int members = 600) => issuer.Sign(
        $"{{\"gcip\":{{\"{new string('n', nameLength)}\":{{{string.Join(',', Enumerable.Range(0, members).Select(member => $"\"{member:x}\":1"))}}}}}}}",
        """{"alg":"ES256","kid":"invented"}""");
}
