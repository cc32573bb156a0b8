using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OriginGuard.Checks;

/// <summary>One path that the guard lets through, for all peers or for some.</summary>
internal sealed class ExemptPath(string path, CidrTrie? peers)
{
    // What a path holds without percent-encoding and without a second meaning.
    private static readonly SearchValues<char> PathCharacters =
        SearchValues.Create("/-._~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    public static bool IsValid(string path) => path.StartsWith('/') && !path.AsSpan().ContainsAnyExcept(PathCharacters);

    public bool Holds(HttpContext context, IPAddress? peer) =>
        IsRequested(context) && (peers is null || (peer is not null && peers.Contains(peer)));

    private bool IsRequested(HttpContext context)
    {
        // Both as it was sent and as the application sees it: an encoded, doubled or dotted variant is equal in one of them only.
        var request = context.Request;
        if (!string.Equals(request.Path.Value, path, StringComparison.Ordinal) || request.PathBase.HasValue)
        {
            return false;
        }

        // Only a test server shows nothing of what was sent: there is no wire, and no other spelling on it.
        var sent = (context.Features.Get<IHttpRequestFeature>()?.RawTarget).AsSpan();
        var query = sent.IndexOf('?');
        return sent.IsEmpty || (query < 0 ? sent : sent[..query]).Equals(path, StringComparison.Ordinal);
    }
}
