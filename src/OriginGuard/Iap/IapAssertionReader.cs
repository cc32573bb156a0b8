using System.Text.Json;

namespace OriginGuard.Iap;

/// <summary>
/// Takes a compact JWT apart, stricter than JSON and RFC 7519 ask: what two readers could understand in two ways is malformed. It needs no
/// keys and decides nothing about truth. Whoever reaches the origin can have it read what he likes, so it makes as little of that as it can.
/// </summary>
internal static class IapAssertionReader
{
    /// <summary>Google's assertions have less than 2 KiB; the rest is room for external identities.</summary>
    public const int MaxLength = 8 * 1024;

    /// <summary>The assertion, or null when it is malformed.</summary>
    public static IapAssertion? Read(string token)
    {
        if (token.Length > MaxLength)
        {
            return null;
        }

        var text = token.AsSpan();
        var first = text.IndexOf('.');
        var second = first < 0 ? -1 : first + 1 + text[(first + 1)..].IndexOf('.');
        if (second <= first
            || Base64UrlPart.Decode(text[..first]) is not { } header
            || Base64UrlPart.Decode(text[(second + 1)..]) is not { } signature
            || Base64UrlPart.Decode(text[(first + 1)..second]) is not { } payload)
        {
            return null;
        }

        try
        {
            return Read(token.AsMemory(0, second), header, payload, signature);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IapAssertion? Read(ReadOnlyMemory<char> signingInput, byte[] header, byte[] payload, byte[] signature)
    {
        using var protectedHeader = StrictJson.Parse(header);
        var head = protectedHeader.RootElement;

        // RFC 7515, section 4.1.11: extensions that are critical and not understood refuse the token. None is understood here. Nor is
        // any key that a token brings along or points to (jwk, jku, x5c, x5u): those members are never looked at.
        if (head.TryGetProperty("crit"u8, out _))
        {
            return null;
        }

        _ = StrictJson.Member(head, "typ"u8, JsonValueKind.String);
        using var claims = StrictJson.Parse(payload);
        IapClaims.Check(claims.RootElement);
        return new IapAssertion
        {
            SigningInput = signingInput,
            Signature = signature,
            Algorithm = StrictJson.Text(head, "alg"u8),
            KeyId = StrictJson.Text(head, "kid"u8),
            Payload = payload,
        };
    }
}
