using System.Buffers;

namespace OriginGuard.SharedSecret;

/// <summary>Which names the load balancer accepts for a custom request header, as its documentation lists them, and which are safe to guard.</summary>
internal static class HeaderNameRules
{
    // RFC 9110, section 5.6.2, without the underscore: servers and proxies take it for a hyphen or drop the header.
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("!#$%&'*+-.^`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly string[] ReservedPrefixes = ["X-Google", "X-Goog-", "X-GFE", "X-Amz-"];

    private static readonly HashSet<string> ReservedNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "X-User-IP", "CDN-Loop", "Host", "Authority",
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        // Not hop-by-hop, but the request needs them as they are, and the guard takes its header off.
        "Content-Length", "Content-Type", "Cookie", "Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Cloud-Trace-Context",
    };

    public static string? Problem(string name)
    {
        if (name.Length is 0 or > 128 || name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            return "a header name of 1 to 128 characters is needed (RFC 9110 token, no underscore)";
        }

        if (ReservedNames.Contains(name))
        {
            return "that name has a meaning of its own on the way to the origin and cannot carry a secret";
        }

        return Array.Find(ReservedPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } prefix
            ? $"the load balancer accepts no custom header that starts with {prefix}"
            : null;
    }
}
