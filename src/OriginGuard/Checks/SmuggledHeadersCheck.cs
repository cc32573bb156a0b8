using Microsoft.AspNetCore.Http;

namespace OriginGuard.Checks;

/// <summary>
/// Before all layers: a guarded header must not come in disguise. Underscore look-alikes became the real header behind some proxies
/// (CVE-2025-64484), and a name in <c>Connection</c> asks the next hop to drop the header (RFC 9110, section 7.6.1; CVE-2024-45410).
/// </summary>
internal sealed class SmuggledHeadersCheck(GuardedHeader[] guarded) : IOriginCheck
{
    public GuardLayer Layer => GuardLayer.Headers;

    public ValueTask<OriginVerdict> CheckAsync(HttpContext context, OriginFindings findings)
    {
        var headers = context.Request.Headers;
        foreach (var header in guarded)
        {
            if (header.HasLookAlike(headers))
            {
                return ValueTask.FromResult(OriginVerdict.Because(RefusalReason.HeadersSmuggled));
            }
        }

        return ValueTask.FromResult(NamesGuarded(headers) ? OriginVerdict.Because(RefusalReason.HeadersSmuggled) : OriginVerdict.Admitted);
    }

    private bool NamesGuarded(IHeaderDictionary headers)
    {
        foreach (var line in headers.Connection)
        {
            var text = line.AsSpan();
            foreach (var range in text.Split(','))
            {
                var option = text[range].Trim(" \t");
                foreach (var header in guarded)
                {
                    if (option.Equals(header.Name, StringComparison.OrdinalIgnoreCase))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }
}
