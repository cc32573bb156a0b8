using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OriginGuard.Exemptions;

/// <summary>One path that the guard lets through, for all peers or for some.</summary>
internal sealed class ExemptPath(string path, CidrTrie? peers)
{
    // What a path holds without percent-encoding and without a second meaning.
    private static readonly SearchValues<char> PathCharacters =
        SearchValues.Create("/-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>Servers resolve dot segments before an application sees a path (RFC 3986, section 5.2.4), so one that has them never comes.</summary>
    public static bool NeverComes(string path) => path.Split('/').Any(static segment => segment is "." or "..");

    public static bool IsValid(string path) => path.StartsWith('/') && !path.AsSpan().ContainsAnyExcept(PathCharacters);

    public bool Holds(HttpContext context, IPAddress? peer) =>
        IsRequested(context) && (peers is null || (peer is not null && peers.Contains(peer)));

    private bool IsRequested(HttpContext context)
    {
        if (context.Features[typeof(IHttpRequestFeature)] is not IHttpRequestFeature request)
        {
            return false;
        }

        // Whatever the application's prefix is, the path ends with what lies behind it: that settles most requests.
        var rest = request.Path.AsSpan();
        if (!path.AsSpan().EndsWith(rest, StringComparison.Ordinal))
        {
            return false;
        }

        // Both as it was sent and as the application sees it: an encoded, doubled or dotted variant is equal in one of them only.
        var sent = WithoutQuery(request.RawTarget);
        var prefix = request.PathBase.AsSpan();
        return (IsWhole(path, prefix, rest) || (rest.SequenceEqual(path) && !prefix.IsEmpty)) && (sent.IsEmpty || IsWhole(sent, prefix, rest));
    }

    /// <summary>What was sent. Only a test server shows nothing of it: there is no wire, and no other spelling on it.</summary>
    private static ReadOnlySpan<char> WithoutQuery(string? target)
    {
        var sent = target.AsSpan();
        var query = sent.IndexOf('?');
        return query < 0 ? sent : sent[..query];
    }

    private static bool IsWhole(ReadOnlySpan<char> whole, ReadOnlySpan<char> prefix, ReadOnlySpan<char> rest) =>
        whole.Length == prefix.Length + rest.Length && whole.StartsWith(prefix, StringComparison.Ordinal) && whole[prefix.Length..].SequenceEqual(rest);
}
