using System.Globalization;
using System.Text.Json;
using OriginGuard.Iap;

namespace OriginGuard.Tool.Assertion;

/// <summary>Says why an assertion cannot be read, without repeating any of it.</summary>
internal static class FormDiagnosis
{
    public static string Explain(string token, IapAssertion? read)
    {
        if (read is not null || token.Length > IapAssertionReader.MaxLength)
        {
            return token.Length > IapAssertionReader.MaxLength
                ? "more than 8192 characters"
                : string.Create(CultureInfo.InvariantCulture, $"{token.Length} characters");
        }

        var parts = token.Split('.');
        return parts.Length == 3
            ? Part("header", parts[0]) ?? Part("payload", parts[1]) ?? Signature(parts[2])
                ?? "crit in the header, a member of the wrong type, or a time that is not in whole seconds"
            : string.Create(CultureInfo.InvariantCulture, $"{parts.Length} part(s) between dots, not three");
    }

    private static string? Part(string name, string text)
    {
        if (Base64UrlPart.Decode(text) is not { } bytes)
        {
            return $"the {name} is not strict base64url";
        }

        try
        {
            if (!StrictJson.IsWithinBounds(bytes))
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"the {name} has more than {StrictJson.MaxValues} values, names longer than {StrictJson.MaxPathLength} bytes on one path, or half a surrogate pair");
            }

            using var json = StrictJson.ParseAgain(bytes);
            return null;
        }
        catch (JsonException)
        {
            return $"the {name} is no JSON object, or has a member twice";
        }
    }

    private static string? Signature(string text) => Base64UrlPart.Decode(text) is null ? "the signature is not strict base64url" : null;
}
