using System.Collections.Frozen;

namespace OriginGuard.Testing.Headers;

/// <summary>
/// The IANA HTTP field name registry (permanent, provisional, deprecated and obsoleted names) and a few names from practice: how each is
/// written in HTTP/1.1, and whether its own definition makes its values a list.
/// </summary>
internal static class HeaderNames
{
    /// <summary>Fields defined as comma-separated lists (RFC 9110, 5.6.1) or as structured lists and dictionaries (RFC 9651).</summary>
    private const string Lists = """
        A-IM Accept Accept-Additions Accept-CH Accept-Charset Accept-Encoding Accept-Features Accept-Language Accept-Patch Accept-Post
        Accept-Ranges Accept-Signature Access-Control-Allow-Headers Access-Control-Allow-Methods Access-Control-Expose-Headers
        Access-Control-Request-Headers Allow ALPN Alt-Svc Alternates AMP-Cache-Transform Authentication-Control Authentication-Info
        Cache-Control Cache-Status CDN-Cache-Control CDN-Loop Clear-Site-Data Client-Cert-Chain CMCD-Object CMCD-Request CMCD-Session
        CMCD-Status CMSD-Dynamic CMSD-Static Connection Content-Digest Content-Encoding Content-Language Content-Security-Policy
        Content-Security-Policy-Report-Only DASL DAV Digest Expect Forwarded If-Match If-None-Match IM Keep-Alive Link Link-Template Meter
        Negotiate NEL Optional-WWW-Authenticate Permissions-Policy Pragma Prefer Preference-Applied Priority Proxy-Authenticate
        Proxy-Authentication-Info Proxy-Status Public Referrer-Policy Reporting-Endpoints Repr-Digest Sec-WebSocket-Extensions
        Sec-WebSocket-Protocol Server-Timing Signature Signature-Input Surrogate-Capability Surrogate-Control TCN TE Timeout
        Timing-Allow-Origin Tracestate Trailer Transfer-Encoding Upgrade Use-As-Dictionary Variant-Vary Vary Via Want-Content-Digest
        Want-Digest Want-Repr-Digest Warning WWW-Authenticate

        Baggage Sec-CH-UA Sec-CH-UA-Form-Factors Sec-CH-UA-Full-Version-List X-Forwarded-For
        """;

    /// <summary>Fields with one value. Two of them are a mistake of the sender that the load balancer hands on; never a list.</summary>
    private const string Singles = """
        Accept-Datetime Access-Control Access-Control-Allow-Credentials Access-Control-Allow-Origin Access-Control-Max-Age
        Access-Control-Request-Method Activate-Storage-Access Age Alt-Used Apply-To-Redirect-Ref Authorization Available-Dictionary C-Ext
        C-Man C-Opt C-PEP C-PEP-Info Cal-Managed-ID CalDAV-Timezones Capsule-Protocol Cert-Not-After Cert-Not-Before Client-Cert Close
        Concealed-Auth-Export Configuration-Context Content-Base Content-Disposition Content-ID Content-Length Content-Location Content-MD5
        Content-Range Content-Script-Type Content-Style-Type Content-Type Content-Version Cookie Cookie2 Cross-Origin-Embedder-Policy
        Cross-Origin-Embedder-Policy-Report-Only Cross-Origin-Opener-Policy Cross-Origin-Opener-Policy-Report-Only
        Cross-Origin-Resource-Policy CTA-Common-Access-Token Date Default-Style Delta-Base Deprecation Depth Derived-From Destination
        Detached-JWS Dictionary-ID Differential-ID DPoP DPoP-Nonce Early-Data EDIINT-Features ETag Expect-CT Expires Ext From GetProfile
        Hobareg Host HTTP2-Settings If If-Modified-Since If-Range If-Schedule-Tag-Match If-Unmodified-Since
        Include-Referred-Token-Binding-ID Isolation Label Last-Event-ID Last-Modified Location Lock-Token Man Max-Forwards Memento-Datetime
        Method-Check Method-Check-Expires MIME-Version OData-EntityId OData-Isolation OData-MaxVersion OData-Version Opt Ordering-Type
        Origin Origin-Agent-Cluster OSCORE OSLC-Core-Version Overwrite P3P PEP PEP-Info PICS-Label Ping-From Ping-To Position ProfileObject
        Protocol Protocol-Info Protocol-Query Protocol-Request Proxy-Authorization Proxy-Features Proxy-Instruction Public-Key-Pins
        Public-Key-Pins-Report-Only Range Redirect-Ref Referer Referer-Root Refresh Repeatability-Client-ID Repeatability-First-Sent
        Repeatability-Request-ID Repeatability-Result Replay-Nonce Retry-After Safe Schedule-Reply Schedule-Tag Sec-Fetch-Storage-Access
        Sec-GPC Sec-Purpose Sec-Token-Binding Sec-WebSocket-Accept Sec-WebSocket-Key Sec-WebSocket-Version Security-Scheme Server
        Set-Cookie Set-Cookie2 SetProfile SLUG SoapAction Status-URI Strict-Transport-Security Sunset Topic Traceparent TTL Urgency URI
        User-Agent X-Content-Type-Options X-Frame-Options

        DNT Proxy-Connection Sec-CH-UA-Arch Sec-CH-UA-Bitness Sec-CH-UA-Full-Version Sec-CH-UA-Mobile Sec-CH-UA-Model Sec-CH-UA-Platform
        Sec-CH-UA-Platform-Version Sec-CH-UA-WoW64 X-Cloud-Trace-Context X-Forwarded-Proto X-UA-Compatible X-XSS-Protection
        """;

    private static readonly FrozenDictionary<string, (string Spelling, bool IsList)> Known =
        Split(Lists).Select(name => (name, true)).Concat(Split(Singles).Select(name => (name, false)))
            .ToFrozenDictionary(field => field.Item1, field => (field.Item1, field.Item2), StringComparer.OrdinalIgnoreCase);

    /// <summary>Every name of the table, in its HTTP/1.1 spelling.</summary>
    public static IEnumerable<string> All => Known.Values.Select(known => known.Spelling);

    /// <summary>Whether repeated lines may become one: null where nobody registered the name.</summary>
    public static bool? IsList(string name) => Known.TryGetValue(name, out var field) ? field.IsList : null;

    /// <summary>The HTTP/1.1 spelling: the registered one, or a capital at the start and after each hyphen and nowhere else.</summary>
    public static string Spell(string name) => Known.TryGetValue(name, out var field) ? field.Spelling : Capitalise(name);

    private static string Capitalise(string name) => string.Create(name.Length, name, static (target, source) =>
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = i == 0 || source[i - 1] is '-' ? char.ToUpperInvariant(source[i]) : char.ToLowerInvariant(source[i]);
        }
    });

    private static string[] Split(string names) => names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
