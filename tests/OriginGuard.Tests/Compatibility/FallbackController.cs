using Microsoft.AspNetCore.Mvc;

namespace OriginGuard.Tests.Compatibility;

/// <summary>Has no route of its own: a fallback or a conventional route leads to it.</summary>
public sealed class FallbackController : Controller
{
    public IActionResult Index() => Content("inside");

    [AllowDirectAccess]
    public IActionResult Probe() => Content("alive");
}
