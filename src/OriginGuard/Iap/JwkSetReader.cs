using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace OriginGuard.Iap;

/// <summary>
/// Reads a JWK set (RFC 7517) and keeps what can verify ES256: P-256 keys for signatures, with an id. Everything else in it is somebody
/// else's business and is skipped.
/// </summary>
internal static class JwkSetReader
{
    /// <summary>Longer key ids are no use to anybody.</summary>
    public const int MaxIdLength = 256;

    private const int CoordinateLength = 32;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    /// <summary>The usable keys, and how many were skipped. A key that <paramref name="known"/> has already is that same object.</summary>
    /// <exception cref="JsonException">The document is not a JWK set.</exception>
    public static (IReadOnlyList<IapKey> Keys, int Skipped) Read(ReadOnlyMemory<byte> json, IapKeySet? known)
    {
        using var document = JsonDocument.Parse(json, Options);
        var elements = Elements(document.RootElement);
        Dictionary<string, IapKey> keys = [];
        var skipped = 0;
        foreach (var element in elements.EnumerateArray())
        {
            // The first of two keys with one id stays.
            if (ReadKey(element, known) is not { } key || !keys.TryAdd(key.Id, key))
            {
                skipped++;
            }
        }

        return ([.. keys.Values], skipped);
    }

    private static JsonElement Elements(JsonElement root)
    {
        if (root.ValueKind is not JsonValueKind.Object)
        {
            throw new JsonException("It is no object");
        }

        JsonElement? keys = null;
        var hasPem = false;
        foreach (var member in root.EnumerateObject())
        {
            if (NameOf(member) is "keys")
            {
                keys = keys is null ? member.Value : throw new JsonException("There are two members \"keys\"");
            }

            // The octets themselves: what is not Unicode has no text.
            hasPem |= JsonMarshal.GetRawUtf8Value(member.Value).StartsWith("\"-----BEGIN "u8);
        }

        return keys is { ValueKind: JsonValueKind.Array } array ? array : throw new JsonException(
            hasPem ? $"It has keys in PEM; Google's JWK set is {IapDefaults.KeysAddress}" : "There is no array \"keys\"");
    }

    /// <summary>Null for a name that is not Unicode.</summary>
    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static IapKey? ReadKey(JsonElement element, IapKeySet? known)
    {
        if (ReadMembers(element) is not { } members
            || members.GetValueOrDefault("kty") is not "EC"
            || members.GetValueOrDefault("crv") is not "P-256"
            || members.GetValueOrDefault("use", "sig") is not "sig"
            || members.GetValueOrDefault("alg", "ES256") is not "ES256"
            || members.GetValueOrDefault("kid") is not { Length: > 0 and <= MaxIdLength } id
            || members.GetValueOrDefault("x") is not { } x
            || members.GetValueOrDefault("y") is not { } y)
        {
            return null;
        }

        var current = known?.Find(id);
        return current?.Is(id, x, y) == true ? current : IsPoint(x, y) ? new IapKey(id, x, y) : null;
    }

    /// <summary>The members that matter, or null when one of them is there twice or is no text.</summary>
    private static Dictionary<string, string>? ReadMembers(JsonElement element)
    {
        if (element.ValueKind is not JsonValueKind.Object)
        {
            return null;
        }

        Dictionary<string, string> members = [];
        try
        {
            foreach (var member in element.EnumerateObject())
            {
                if (member.Name is "key_ops" && (!members.TryAdd("key_ops", "") || !Verifies(member.Value)))
                {
                    return null; // RFC 7517, section 4.3: whoever made the key says what it is for
                }

                if (member.Name is "kty" or "crv" or "use" or "alg" or "kid" or "x" or "y"
                    && (member.Value.GetString() is not { } text || !members.TryAdd(member.Name, text)))
                {
                    return null;
                }
            }
        }
        catch (InvalidOperationException)
        {
            return null; // not a text, or one that is not Unicode
        }

        return members;
    }

    private static bool Verifies(JsonElement operations) =>
        operations.ValueKind is JsonValueKind.Array
        && operations.EnumerateArray().Any(static operation => operation.ValueKind is JsonValueKind.String && operation.GetString() is "verify");

    private static bool IsPoint(string x, string y)
    {
        if (Base64UrlPart.Decode(x) is not { Length: CoordinateLength } qx
            || Base64UrlPart.Decode(y) is not { Length: CoordinateLength } qy)
        {
            return false;
        }

        try
        {
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = qx, Y = qy } });
            return key.KeySize == 8 * CoordinateLength;
        }
        catch (CryptographicException)
        {
            return false; // not on the curve
        }
    }
}
