using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using OriginGuard.Iap;
using static OriginGuard.Fuzz.Targets.BrokenPropertyException;

namespace OriginGuard.Fuzz.Targets;

/// <summary>
/// An assertion: never an exception, one spelling of each value, strict JSON within its bounds, and no signature of the key but the one that it has made. What
/// begins with a brace is header, claims and signature on a line each, which are encoded here, so that their JSON can be changed.
/// </summary>
internal static class JwtTarget
{
    /// <summary>The one assertion that the key has signed.</summary>
    public const string Signed = "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImZ1enotMSJ9.eyJhdWQiOiIvcHJvamVjdHMvMTIzNDU2Nzg5L2dsb2JhbC9iYWNrZW5kU2VydmljZXMvOTg3IiwiZXhwIjoxNzY3MjI2MjAwLCJpYXQiOjE3NjcyMjU2MDAsImlzcyI6Imh0dHBzOi8vY2xvdWQuZ29vZ2xlLmNvbS9pYXAiLCJzdWIiOiJhY2NvdW50cy5nb29nbGUuY29tOjExOCIsImVtYWlsIjoiYWRhQGV4YW1wbGUuY29tIiwiaGQiOiJleGFtcGxlLmNvbSIsImdvb2dsZSI6eyJhY2Nlc3NfbGV2ZWxzIjpbImFjY2Vzc1BvbGljaWVzLzEvYWNjZXNzTGV2ZWxzL29mZmljZSJdLCJkZXZpY2VfaWQiOiJkMSJ9fQ.e-Hn_uDL52UpiqI6EBDAo4xc_4fZNPF5Mn3Q9EfnHmXIWyhANq0b4GMOfWeY0UEzVNwmrhWnXQlcSDziYoZkrg";

    private const int MostDepth = 16;

    private static readonly IapKey Key = JwkSetReader.Read(Encoding.UTF8.GetBytes($"{{\"keys\":[{JwksTarget.Known}]}}"), null).Keys[0];

    public static bool Play(byte[] input)
    {
        var token = input is [(byte)'{', ..] ? Encode(input) : Encoding.Latin1.GetString(input);
        if (IapAssertionReader.Read(token) is not { } assertion)
        {
            return false;
        }

        var parts = token.Split('.');
        ThrowUnless(token.Length <= IapAssertionReader.MaxLength && parts.Length == 3, "It is too long, or has not three parts.");
        ThrowUnless(assertion.SigningInput.Span.SequenceEqual($"{parts[0]}.{parts[1]}"), "What is signed is not header and claims.");
        ThrowUnless(Base64Url.EncodeToString(assertion.Payload) == parts[1] && Base64Url.EncodeToString(assertion.Signature) == parts[2], "A part has a second spelling.");

        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
        using var payload = JsonDocument.Parse(assertion.Payload);
        var (inHeader, inPayload) = (CountStrict(header.RootElement, 1), CountStrict(payload.RootElement, 1));
        ThrowUnless(inHeader <= StrictJson.MaxValues && inPayload <= StrictJson.MaxValues, "There are too many values.");
        ThrowUnless(!header.RootElement.TryGetProperty("crit", out _), "A critical extension is passed over.");

        var claims = IapClaims.Read(assertion.Payload);
        ThrowUnless(claims.Attributes.Count + claims.AccessLevels.Count <= inPayload, "There are more claims than values.");
        ThrowUnless(claims.Attributes.All(static claim => claim.Key.Length <= StrictJson.MaxPathLength + IapClaimTypes.AttributePrefix.Length), "The type of a claim is too long.");
        ThrowUnless(new[] { claims.Expires, claims.IssuedAt, claims.NotBefore }.All(static time => time is null or (>= 0 and <= 253_402_300_799)), "A time is out of the calendar.");
        _ = IapUser.From(claims);

        ThrowUnless(Key.Verifies(assertion) == (token == Signed), "A signature was forged, or a good one is refused.");
        return true;
    }

    private static string Encode(byte[] input)
    {
        var first = Array.IndexOf(input, (byte)'\n');
        var second = first < 0 ? -1 : Array.IndexOf(input, (byte)'\n', first + 1);
        return second < 0
            ? Encoding.Latin1.GetString(input)
            : $"{Base64Url.EncodeToString(input.AsSpan(0, first))}.{Base64Url.EncodeToString(input.AsSpan(first + 1, second - first - 1))}.{Encoding.Latin1.GetString(input, second + 1, input.Length - second - 1)}";
    }

    /// <summary>How many values there are, in an object that has each name once at every depth.</summary>
    private static int CountStrict(JsonElement element, int depth)
    {
        ThrowUnless(depth > 1 || element.ValueKind is JsonValueKind.Object, "It is no object.");
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                HashSet<string> names = [];
                ThrowUnless(depth <= MostDepth && element.EnumerateObject().All(member => names.Add(member.Name)), "It is too deep, or has a name twice.");
                return 1 + element.EnumerateObject().Sum(member => CountStrict(member.Value, depth + 1));
            case JsonValueKind.Array:
                ThrowUnless(depth <= MostDepth, "It is too deep.");
                return 1 + element.EnumerateArray().Sum(value => CountStrict(value, depth + 1));
            case JsonValueKind.String:
                _ = element.GetString();
                return 1;
            default:
                return 1;
        }
    }
}
