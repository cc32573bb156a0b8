using System.Buffers.Text;
using System.Numerics;
using System.Text.Json;
using OriginGuard.Iap;
using static OriginGuard.Fuzz.Targets.BrokenPropertyException;

namespace OriginGuard.Fuzz.Targets;

/// <summary>A set of keys: read or refused with a <see cref="JsonException"/>; each element is a key or is skipped, and each key is a point on the curve with an id of its own.</summary>
internal static class JwksTarget
{
    /// <summary>The key of <see cref="JwtTarget.Signed"/>.</summary>
    public const string Known = """{"kty":"EC","crv":"P-256","kid":"fuzz-1","x":"bLQVKKM0MTW_FVFszH3SWWNO0gd4D3fwX5ith9i7giQ","y":"PWsLsm8O2VyTR4a7OWS7dlqFjf1_klPGIeabdXh2Rh8","use":"sig","alg":"ES256"}""";

    // P-256, FIPS 186-4, section D.1.2.3.
    private static readonly BigInteger P = BigInteger.Parse("115792089210356248762697446949407573530086143415290314195533631308867097853951", null);
    private static readonly BigInteger B = BigInteger.Parse("41058363725152142129326129780047268409114441015993725554835256314039467401291", null);

    public static bool Play(byte[] input)
    {
        IReadOnlyList<IapKey> keys;
        int skipped;
        try
        {
            (keys, skipped) = JwkSetReader.Read(input, null);
        }
        catch (JsonException)
        {
            return false;
        }

        using var document = JsonDocument.Parse(input);
        JsonElement[] elements = [.. document.RootElement.EnumerateObject().Single(static member => NameOf(member) == "keys").Value.EnumerateArray()];
        ThrowUnless(keys.Count + skipped == elements.Length, $"{keys.Count} keys and {skipped} skipped are not {elements.Length}.");
        ThrowUnless(keys.Select(static key => key.Id).Distinct(StringComparer.Ordinal).Count() == keys.Count, "Two keys have one id.");
        ThrowUnless(keys.All(static key => key.Id.Length is > 0 and <= JwkSetReader.MaxIdLength), "An id is empty or too long.");
        ThrowUnless(keys.All(key => Array.Exists(elements, element => IsKey(element, key))), "A key is none.");

        var (again, skippedAgain) = JwkSetReader.Read(input, new IapKeySet(keys, 0));
        ThrowUnless(skippedAgain == skipped && again.SequenceEqual(keys), "A key that is known is read as another.");
        return keys.Count > 0;
    }

    private static bool IsKey(JsonElement element, IapKey key)
    {
        if (element.ValueKind is not JsonValueKind.Object || Text(element, "kty") != "EC" || Text(element, "crv") != "P-256" || Text(element, "kid") != key.Id
            || Text(element, "x") is not { } x || Text(element, "y") is not { } y || !key.Is(key.Id, x, y))
        {
            return false;
        }

        var (left, right) = (Number(x), Number(y));
        return left < P && right < P && ((right * right) - ((left * left * left) - (3 * left) + B)) % P == 0;
    }

    private static BigInteger Number(string text) => new(Base64Url.DecodeFromChars(text), isUnsigned: true, isBigEndian: true);

    // TryGetProperty would throw for a name beside it that is not Unicode.
    private static string? Text(JsonElement element, string name) =>
        element.EnumerateObject().LastOrDefault(member => NameOf(member) == name).Value is { ValueKind: JsonValueKind.String } text ? OrNull(() => text.GetString()) : null;

    private static string? NameOf(JsonProperty member) => OrNull(() => member.Name);

    /// <summary>Null for what is not Unicode.</summary>
    private static string? OrNull(Func<string?> text)
    {
        try
        {
            return text();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
