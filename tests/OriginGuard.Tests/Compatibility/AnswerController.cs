using Microsoft.AspNetCore.Mvc;

namespace OriginGuard.Tests.Compatibility;

[ApiController]
[Route("answer")]
public sealed class AnswerController : ControllerBase
{
    [HttpGet]
    public int Get() => 42;

    [HttpGet("probe")]
    [AllowDirectAccess]
    public string Probe() => "alive";
}
