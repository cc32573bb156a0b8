using System.Text.Json;
using System.Text.Unicode;

namespace OriginGuard.Iap;

/// <summary>
/// Takes a compact JWT apart, stricter than JSON and RFC 7519 ask: what two readers could understand in two ways is malformed. It needs no
/// keys and decides nothing about truth.
/// </summary>
internal static class IapAssertionReader
{
    /// <summary>Google's assertions have less than 2 KiB; the rest is room for external identities.</summary>
    public const int MaxLength = 8 * 1024;

    private const long LatestTime = 253_402_300_799; // 9999-12-31T23:59:59Z: sums of two times cannot overflow

    /// <summary>The real ones nest three deep. Members that differ in escapes only are duplicates too, at every depth.</summary>
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

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
            || Base64UrlPart.Decode(text[(first + 1)..second]) is not { } payload
            || Base64UrlPart.Decode(text[(second + 1)..]) is not { } signature
            || !Utf8.IsValid(header)
            || !Utf8.IsValid(payload))
        {
            return null;
        }

        try
        {
            return Read(token.AsMemory(0, second), header, payload, signature);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: half a surrogate pair, written as an escape, where a text was asked for.
            return null;
        }
    }

    private static IapAssertion? Read(ReadOnlyMemory<char> signingInput, byte[] header, byte[] payload, byte[] signature)
    {
        using var protectedHeader = JsonDocument.Parse(header, Strict);
        using var claims = JsonDocument.Parse(payload, Strict);
        var head = protectedHeader.RootElement;
        var body = claims.RootElement;
        if (head.ValueKind is not JsonValueKind.Object || body.ValueKind is not JsonValueKind.Object)
        {
            return null;
        }

        // RFC 7515, section 4.1.11: extensions that are critical and not understood refuse the token. None is understood here. Nor is
        // any key that a token brings along or points to (jwk, jku, x5c, x5u): those members are never looked at.
        if (head.TryGetProperty("crit"u8, out _))
        {
            return null;
        }

        _ = Text(head, "typ"u8);
        return new IapAssertion
        {
            SigningInput = signingInput,
            Signature = signature,
            Algorithm = Text(head, "alg"u8),
            KeyId = Text(head, "kid"u8),
            Issuer = Text(body, "iss"u8),
            Audience = Audience(body),
            Expires = Time(body, "exp"u8),
            IssuedAt = Time(body, "iat"u8),
            NotBefore = Time(body, "nbf"u8),
            Subject = Text(body, "sub"u8),
            Email = Text(body, "email"u8),
            HostedDomain = Text(body, "hd"u8),
            AccessLevels = AccessLevels(body),
            Gcip = Member(body, "gcip"u8, JsonValueKind.Object) is { } gcip ? GcipClaims.Read(gcip) : null,
        };
    }

    private static string? Text(JsonElement parent, ReadOnlySpan<byte> name) => Member(parent, name, JsonValueKind.String)?.GetString();

    /// <summary>Of another type than text it is not malformed but wrong: that reason says more to whoever looks for the cause.</summary>
    private static string? Audience(JsonElement body) =>
        body.TryGetProperty("aud"u8, out var audience) && audience.ValueKind is JsonValueKind.String ? audience.GetString() : null;

    /// <summary>Whole seconds, as Google writes them; no fractions, no exponents.</summary>
    private static long? Time(JsonElement parent, ReadOnlySpan<byte> name)
    {
        if (Member(parent, name, JsonValueKind.Number) is not { } number)
        {
            return null;
        }

        return number.TryGetInt64(out var seconds) && seconds is >= 0 and <= LatestTime
            ? seconds
            : throw new JsonException("A time is not a whole number of seconds since 1970.");
    }

    private static List<string> AccessLevels(JsonElement body)
    {
        List<string> levels = [];
        if (Member(body, "google"u8, JsonValueKind.Object) is { } google
            && Member(google, "access_levels"u8, JsonValueKind.Array) is { } array)
        {
            foreach (var level in array.EnumerateArray())
            {
                levels.Add(level.GetString() ?? throw new JsonException("An access level is null."));
            }
        }

        return levels;
    }

    /// <summary>The member, or null when it is absent or JSON's null. Of any other kind it makes the token malformed.</summary>
    private static JsonElement? Member(JsonElement parent, ReadOnlySpan<byte> name, JsonValueKind kind)
    {
        if (!parent.TryGetProperty(name, out var member) || member.ValueKind is JsonValueKind.Null)
        {
            return null;
        }

        return member.ValueKind == kind ? member : throw new JsonException("A member is of the wrong type.");
    }
}
