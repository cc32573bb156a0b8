using Microsoft.AspNetCore.Http;

namespace OriginGuard.Testing.Headers;

/// <summary>A CORS preflight as a browser sends it: without credentials (Fetch standard).</summary>
internal static class Preflight
{
    public static bool Is(string method, HeaderLines request) =>
        HttpMethods.IsOptions(method)
        && request.Values("Origin").ToArray() is [{ Length: > 0 }]
        && request.Values("Access-Control-Request-Method").ToArray() is [{ Length: > 0 }]
        && !request.Values("Cookie").Any()
        && !request.Values("Authorization").Any();
}
