using Microsoft.AspNetCore.Http;

namespace OriginGuard.Checks;

/// <summary>One layer: looks at a request and gives its verdict, without waiting where it can.</summary>
internal interface IOriginCheck
{
    GuardLayer Layer { get; }

    ValueTask<OriginVerdict> CheckAsync(HttpContext context, OriginFindings findings);
}
