using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace OriginGuard.Guard;

/// <summary>Problem details (RFC 9457) as the guard writes them: what went wrong in general, and one member of its own where there is something to say.</summary>
internal static class ProblemJson
{
    public const string ContentType = "application/problem+json";

    public static byte[] Write(int status, string member = "", string? text = null, string type = "about:blank")
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            json.WriteString("title"u8, Title(status));
            json.WriteNumber("status"u8, status);
            if (text is not null)
            {
                json.WriteString(member, text);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static string Title(int status) => ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase
        ? phrase
        : status.ToString(CultureInfo.InvariantCulture);
}
