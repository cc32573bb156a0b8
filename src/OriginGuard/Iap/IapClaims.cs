using System.Text.Json;

namespace OriginGuard.Iap;

/// <summary>What an assertion claims.</summary>
internal sealed class IapClaims
{
    public required string? Issuer { get; init; }

    /// <summary>Null as well when the claim is anything but one string.</summary>
    public required string? Audience { get; init; }

    /// <summary>Seconds since 1970, as the other times.</summary>
    public required long? Expires { get; init; }

    public required long? IssuedAt { get; init; }

    public required long? NotBefore { get; init; }

    public required string? Subject { get; init; }

    public required string? Email { get; init; }

    public required string? HostedDomain { get; init; }

    public required IReadOnlyList<string> AccessLevels { get; init; }

    /// <summary>The claims of an external identity as they were signed; null for other users.</summary>
    public required string? Gcip { get; init; }

    /// <summary>What else is said of the user, by claim type.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Attributes { get; init; }

    /// <summary>Throws a <see cref="JsonException"/> unless each member is of its type. It makes no text of any value.</summary>
    public static void Check(JsonElement body)
    {
        _ = StrictJson.Member(body, "iss"u8, JsonValueKind.String);
        _ = StrictJson.Time(body, "exp"u8);
        _ = StrictJson.Time(body, "iat"u8);
        _ = StrictJson.Time(body, "nbf"u8);
        _ = StrictJson.Member(body, "sub"u8, JsonValueKind.String);
        _ = StrictJson.Member(body, "email"u8, JsonValueKind.String);
        _ = StrictJson.Member(body, "hd"u8, JsonValueKind.String);
        _ = StrictJson.Member(body, "gcip"u8, JsonValueKind.Object);
        if (AccessLevelsIn(body) is { } levels)
        {
            foreach (var level in levels.EnumerateArray())
            {
                _ = level.ValueKind is JsonValueKind.String ? 0 : throw new JsonException("An access level is no text.");
            }
        }
    }

    /// <summary>Reads the payload of an assertion whose form has been found right.</summary>
    public static IapClaims Read(byte[] payload)
    {
        using var document = StrictJson.ParseAgain(payload);
        var body = document.RootElement;
        return new IapClaims
        {
            Issuer = StrictJson.Text(body, "iss"u8),
            Audience = AudienceIn(body),
            Expires = StrictJson.Time(body, "exp"u8),
            IssuedAt = StrictJson.Time(body, "iat"u8),
            NotBefore = StrictJson.Time(body, "nbf"u8),
            Subject = StrictJson.Text(body, "sub"u8),
            Email = StrictJson.Text(body, "email"u8),
            HostedDomain = StrictJson.Text(body, "hd"u8),
            AccessLevels = AccessLevelsIn(body) is { } levels ? [.. levels.EnumerateArray().Select(static level => level.GetString()!)] : [], // checked
            Gcip = StrictJson.Member(body, "gcip"u8, JsonValueKind.Object)?.GetRawText(),
            Attributes = SignedAttributes.Read(body),
        };
    }

    /// <summary>Of another type than text it is not malformed but wrong: that reason says more to whoever looks for the cause.</summary>
    private static string? AudienceIn(JsonElement body) =>
        body.TryGetProperty("aud"u8, out var audience) && audience.ValueKind is JsonValueKind.String ? audience.GetString() : null;

    private static JsonElement? AccessLevelsIn(JsonElement body) =>
        StrictJson.Member(body, "google"u8, JsonValueKind.Object) is { } google ? StrictJson.Member(google, "access_levels"u8, JsonValueKind.Array) : null;
}
