using Microsoft.AspNetCore.Http;
using OriginGuard.Checks;

namespace OriginGuard.SharedSecret;

/// <summary>The second layer: exactly one header line whose value is one of the secrets.</summary>
internal sealed class SharedSecretCheck(PlannedSecrets secrets) : OriginCheck
{
    public override GuardLayer Layer => GuardLayer.SharedSecret;

    public override ValueTask<OriginVerdict> CheckAsync(HttpContext context, OriginFindings findings) => ValueTask.FromResult(Check(findings));

    public OriginVerdict Check(OriginFindings findings)
    {
        var lines = findings.Secret;
        var value = lines.Count == 1 ? lines[0].AsSpan().Trim(" \t") : default;
        return lines.Count > 1 ? OriginVerdict.Because(RefusalReason.SecretMultiple)
            : value.IsEmpty ? OriginVerdict.Because(RefusalReason.SecretMissing)
            : Find(secrets.Ring, value, findings) is not null ? OriginVerdict.Admitted
            : OriginVerdict.Because(value.Contains(',') ? RefusalReason.SecretMultiple : RefusalReason.SecretMismatch); // no secret has a comma: it joins repeated headers
    }

    private static int? Find(SecretRing ring, ReadOnlySpan<char> value, OriginFindings findings)
    {
        findings.SlotCounts = ring;
        return findings.SecretSlot = ring.Find(value);
    }
}
