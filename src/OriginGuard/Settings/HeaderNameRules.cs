using System.Buffers;

namespace OriginGuard.Settings;

/// <summary>
/// Which names the load balancer accepts for a custom request header, as its documentation lists them, and which are free: the guard takes its header off,
/// and whoever else reads that name would find nothing. No answer repeats what was typed.
/// </summary>
internal static class HeaderNameRules
{
    // RFC 9110, section 5.6.2, without the underscore: servers and proxies take it for a hyphen or drop the header.
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("!#$%&'*+-.^`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly string[] ReservedPrefixes = ["X-Google", "X-Goog-", "X-GFE", "X-Amz-"];

    // Whole families: of representations, of conditions, of browsers, of proxies, of traces.
    private static readonly string[] NeededPrefixes =
    [
        "Accept-", "Access-Control-", "Content-", "If-", "Proxy-", "Sec-", "Grpc-",
        "X-Forwarded-", "X-Original-", "X-ARR-", "X-MS-", "MS-ASPNETCORE-", "X-Azure-", "X-B3-", "X-Datadog-", "CF-",
    ];

    private static readonly HashSet<string> NeededNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "X-User-IP", "CDN-Loop", "Host", "Authority",
        "Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        "Accept", "Authorization", "X-Serverless-Authorization", "Cookie", "Cookie2", "Set-Cookie", "Range", "Expect", "From", "Origin", "Referer", "User-Agent", "Priority",
        "Date", "Age", "Cache-Control", "Pragma", "Warning", "Max-Forwards", "Forwarded", "Via", "Early-Data", "HTTP2-Settings", "Upgrade-Insecure-Requests",
        "DNT", "Save-Data", "Last-Event-ID", "Last-Modified", "ETag", "Vary", "Location", "Server", "Link", "Allow", "WWW-Authenticate",
        "DPoP", "Signature", "Signature-Input", "Digest", "Want-Digest", "Idempotency-Key", "Prefer", "Destination", "Depth", "Overwrite", "Lock-Token", "Timeout",
        "traceparent", "tracestate", "baggage", "b3", "Request-Id", "Correlation-Context", "sentry-trace", "uber-trace-id", "X-Request-Id", "X-Correlation-Id", "X-Cloud-Trace-Context",
        "X-Real-IP", "X-Client-IP", "True-Client-IP", "X-Requested-With", "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-WebSocket-Key",
        "RequestVerificationToken", "X-CSRF-Token", "X-XSRF-Token", "X-Api-Key", "Api-Version", "X-Api-Version", "SOAPAction", "MIME-Version", "X-UA-Compatible", "X-SignalR-User-Agent",
    };

    public static string? Problem(string? name)
    {
        if (name is not { Length: > 0 and <= 128 } || name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            return "a header name of 1 to 128 characters is needed (RFC 9110 token, no underscore)";
        }

        // The guard takes a dot for a hyphen, as servers do that know variables: under User.Agent it would take every User-Agent for a forgery.
        var plain = name.Replace('.', '-');
        if (Array.Find(ReservedPrefixes, prefix => plain.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } reserved)
        {
            return $"the load balancer accepts no custom header that starts with {reserved}";
        }

        if (NeededNames.TryGetValue(plain, out var needed))
        {
            return $"{needed} has a meaning of its own on the way to the origin or in it and cannot carry a secret";
        }

        return Array.Find(NeededPrefixes, prefix => plain.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } family
            ? $"names that start with {family} have a meaning of their own on the way to the origin or in it and cannot carry a secret"
            : null;
    }
}
