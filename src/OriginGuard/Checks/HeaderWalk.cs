using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace OriginGuard.Checks;

/// <summary>
/// Everything that the guard wants of a request's headers, found in one pass over them: the values that it goes by, names that only look like guarded ones, and
/// what the application must not see. Immutable; allocates nothing.
/// </summary>
internal sealed class HeaderWalk
{
    public const string ForwardedFor = "X-Forwarded-For";
    private const string ForwardedProto = "X-Forwarded-Proto";
    private const string Google = "x-goog-";

    // Servers give out an enumerator on the heap; into an array they copy without one. Emptied after each pass: it must not keep a secret.
    [ThreadStatic]
    private static KeyValuePair<string, StringValues>[]? _lines;

    private readonly string _secret;
    private readonly string _assertion;
    private readonly ulong _lengths;
    private readonly int _secretBit;

    /// <param name="secret">The name of the header with the secret.</param>
    /// <param name="assertion">The name of the header with the assertion.</param>
    public HeaderWalk(string secret, string assertion)
    {
        (_secret, _assertion) = (secret, assertion);
        _secretBit = BitOf(secret);
        foreach (var name in (string[])[ForwardedFor, ForwardedProto, "Connection", secret, assertion])
        {
            _lengths |= Bit(name);
        }
    }

    /// <summary>Whether the secret, in whatever spelling, is taken off the request.</summary>
    public bool TakesSecret { get; init; }

    /// <summary>The bit in <see cref="OriginFindings.LookAlikes"/> of a guarded header.</summary>
    public int BitOf(string name) => name == ForwardedFor ? 1 : name == _secret ? 2 : 4;

    public void Take(IHeaderDictionary headers, OriginFindings found)
    {
        var count = headers.Count;
        var lines = _lines is { } kept && kept.Length >= count ? kept : _lines = new KeyValuePair<string, StringValues>[Math.Max(count, 32)];
        headers.CopyTo(lines, 0);
        string? secret = null;
        for (var i = 0; i < count; i++)
        {
            var name = lines[i].Key;
            if ((_lengths & Bit(name)) != 0 && Look(name, lines[i].Value, found))
            {
                secret = name;
            }

            if (name.Length > Google.Length && (name[0] | 0x20) == Google[0] && (name[2] | 0x20) == Google[2])
            {
                found.HasGoogleHeader |= GuardedHeader.StartsLike(name, Google) && !Is(name, _assertion);
            }
        }

        lines.AsSpan(0, count).Clear();
        if (TakesSecret)
        {
            TakeSecretOff(headers, secret, found);
        }
    }

    private static ulong Bit(string name) => 1UL << (name.Length & 63);

    /// <summary>In whatever case; most names come as they are spelled here, and that is told much sooner.</summary>
    private static bool Is(string name, string wanted) => string.Equals(name, wanted) || name.Equals(wanted, StringComparison.OrdinalIgnoreCase);

    /// <summary>Notes a header that the guard goes by. True for the secret.</summary>
    private bool Look(string name, StringValues value, OriginFindings found)
    {
        if (Is(name, _secret))
        {
            found.Secret = value;
            return true;
        }

        if (Is(name, ForwardedFor))
        {
            found.ForwardedFor = value;
        }
        else if (Is(name, ForwardedProto))
        {
            found.ForwardedProto = value;
        }
        else if (Is(name, "Connection"))
        {
            found.Connection = value;
        }
        else if (Is(name, _assertion))
        {
            found.Assertion = value;
        }
        else
        {
            found.LookAlikes |= LookAlike(name);
        }

        return false;
    }

    private int LookAlike(string name) =>
        GuardedHeader.IsSpelledLike(name, _secret) ? _secretBit
        : GuardedHeader.IsSpelledLike(name, ForwardedFor) ? BitOf(ForwardedFor)
        : GuardedHeader.IsSpelledLike(name, _assertion) ? BitOf(_assertion)
        : 0;

    /// <param name="headers">The headers.</param>
    /// <param name="secret">The name of the secret's header as it came, by which a dictionary finds it soonest.</param>
    /// <param name="found">What came beside it.</param>
    private void TakeSecretOff(IHeaderDictionary headers, string? secret, OriginFindings found)
    {
        if (secret is not null)
        {
            headers.Remove(secret);
        }

        if ((found.LookAlikes & _secretBit) != 0)
        {
            foreach (var lookAlike in headers.Keys.Where(name => GuardedHeader.IsSpelledLike(name, _secret)).ToArray())
            {
                headers.Remove(lookAlike);
            }
        }
    }
}
