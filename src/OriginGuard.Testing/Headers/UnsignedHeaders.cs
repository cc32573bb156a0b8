using System.Buffers.Text;
using System.Text.Json;

namespace OriginGuard.Testing.Headers;

/// <summary>The headers beside the assertion in which IAP names the user without a signature.</summary>
internal static class UnsignedHeaders
{
    private const string GoogleAccounts = "accounts.google.com";

    /// <summary>What an assertion says of the user, good or bad as it may be. What is no JWT, or has no subject, names nobody.</summary>
    public static KeyValuePair<string, string>[] Beside(string assertion)
    {
        try
        {
            if (assertion.Split('.') is not [_, var payload, _])
            {
                return [];
            }

            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
            if (TextOf(claims, "sub") is not { } subject)
            {
                return [];
            }

            KeyValuePair<string, string> id = new("X-Goog-Authenticated-User-ID", subject);
            return TextOf(claims, "email") is { } email ? [new("X-Goog-Authenticated-User-Email", WithNamespace(email, subject)), id] : [id];
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException)
        {
            // No base64url, no JSON, no object, or a text that is none.
            return [];
        }
    }

    // Before the email stands what stands before the subject; that of an identity of Identity Platform has it already (seen in public code).
    private static string WithNamespace(string email, string subject)
    {
        var prefix = subject.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon ? subject[..(colon + 1)] : $"{GoogleAccounts}:";
        return email.StartsWith(prefix, StringComparison.Ordinal) ? email : prefix + email;
    }

    /// <summary>A claim that a header can carry.</summary>
    private static string? TextOf(JsonDocument claims, string name) =>
        claims.RootElement.TryGetProperty(name, out var claim)
        && claim.ValueKind is JsonValueKind.String
        && claim.GetString() is { Length: > 0 } text
        && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? text
            : null;
}
