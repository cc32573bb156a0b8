using Microsoft.AspNetCore.Http;

namespace OriginGuard.Checks;

/// <summary>One layer: looks at a request and gives its verdict, without waiting where it can.</summary>
// (No interface: the guard asks several of them at one place, and there the runtime finds a method of an interface by a search.)
internal abstract class OriginCheck
{
    public abstract GuardLayer Layer { get; }

    public abstract ValueTask<OriginVerdict> CheckAsync(HttpContext context, OriginFindings findings);
}
