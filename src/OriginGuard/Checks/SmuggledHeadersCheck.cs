using Microsoft.AspNetCore.Http;

namespace OriginGuard.Checks;

/// <summary>
/// Before all layers: a guarded header must not come in disguise. Look-alikes with underscores became the real header behind some proxies
/// (CVE-2025-64484), and a name in <c>Connection</c> asks the next hop to drop the header (RFC 9110, section 7.6.1; CVE-2024-45410).
/// </summary>
internal sealed class SmuggledHeadersCheck(string[] guarded, HeaderWalk walk) : OriginCheck
{
    private readonly int _lookAlikes = guarded.Aggregate(0, (bits, name) => bits | walk.BitOf(name));

    public override GuardLayer Layer => GuardLayer.Headers;

    public override ValueTask<OriginVerdict> CheckAsync(HttpContext context, OriginFindings findings) => ValueTask.FromResult(
        (findings.LookAlikes & _lookAlikes) != 0 || NamesGuarded(findings) ? OriginVerdict.Because(RefusalReason.HeadersSmuggled) : OriginVerdict.Admitted);

    private bool NamesGuarded(OriginFindings findings)
    {
        foreach (var line in findings.Connection)
        {
            var text = line.AsSpan();
            foreach (var range in text.Split(','))
            {
                var option = text[range].Trim(" \t");
                foreach (var name in guarded)
                {
                    if (GuardedHeader.IsSpelledLike(option, name))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }
}
