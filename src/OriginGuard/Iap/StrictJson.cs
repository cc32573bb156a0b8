using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace OriginGuard.Iap;

/// <summary>
/// JSON as an assertion has it: stricter than the standard, and bounded, since it is read before anybody knows who wrote it. What is wrong throws a
/// <see cref="JsonException"/>.
/// </summary>
internal static class StrictJson
{
    /// <summary>Members and elements together, at every depth. A real assertion has a dozen; a user with many groups, hundreds.</summary>
    public const int MaxValues = 1024;

    /// <summary>The names from the root down to a value, in bytes: each is a claim type later, and a long name above many values costs their product.</summary>
    public const int MaxPathLength = 256;

    /// <summary>The real ones nest three deep.</summary>
    private const int MaxDepth = 16;

    private const long LatestTime = 253_402_300_799; // 9999-12-31T23:59:59Z: sums of two times cannot overflow

    /// <summary>Members that differ in escapes only are duplicates too, at every depth.</summary>
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    /// <summary>Reads an object from a stranger.</summary>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span) || !IsWithinBounds(json.Span))
        {
            throw new JsonException("The text is no UTF-8, or out of bounds.");
        }

        return ParseAgain(json);
    }

    /// <summary>Reads an object that <see cref="Parse"/> has read before.</summary>
    public static JsonDocument ParseAgain(ReadOnlyMemory<byte> json)
    {
        var document = JsonDocument.Parse(json, Options);
        if (document.RootElement.ValueKind is JsonValueKind.Object)
        {
            return document;
        }

        document.Dispose();
        throw new JsonException("The text is no object.");
    }

    /// <summary>Whether it has no more values and no longer paths than an assertion may have, and no half of a surrogate pair. It makes no text of any value.</summary>
    public static bool IsWithinBounds(ReadOnlySpan<byte> json)
    {
        var scratch = ArrayPool<byte>.Shared.Rent(json.Length);
        try
        {
            return IsWithinBounds(json, scratch);
        }
        catch (InvalidOperationException)
        {
            return false; // half a surrogate pair, written as an escape
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    /// <summary>The member, or null when it is absent or JSON's null. Of any other kind it makes the token malformed.</summary>
    public static JsonElement? Member(JsonElement parent, ReadOnlySpan<byte> name, JsonValueKind kind)
    {
        if (!parent.TryGetProperty(name, out var member) || member.ValueKind is JsonValueKind.Null)
        {
            return null;
        }

        return member.ValueKind == kind ? member : throw new JsonException("A member is of the wrong type.");
    }

    public static string? Text(JsonElement parent, ReadOnlySpan<byte> name) => Member(parent, name, JsonValueKind.String)?.GetString();

    /// <summary>Whole seconds, as Google writes them; no fractions, no exponents.</summary>
    public static long? Time(JsonElement parent, ReadOnlySpan<byte> name)
    {
        if (Member(parent, name, JsonValueKind.Number) is not { } number)
        {
            return null;
        }

        return number.TryGetInt64(out var seconds) && seconds is >= 0 and <= LatestTime
            ? seconds
            : throw new JsonException("A time is not a whole number of seconds since 1970.");
    }

    private static bool IsWithinBounds(ReadOnlySpan<byte> json, Span<byte> scratch)
    {
        Span<int> paths = stackalloc int[MaxDepth + 2]; // how long the path is that leads to the values of a depth
        paths.Clear();
        var values = 0;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            var depth = reader.CurrentDepth;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    paths[depth] = paths[depth - 1] + reader.ValueSpan.Length + 1;
                    if (paths[depth] > MaxPathLength + 1)
                    {
                        return false;
                    }

                    break;
                case JsonTokenType.StartArray:
                    paths[depth + 1] = paths[depth];
                    values++;
                    break;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    break;
                default:
                    values++;
                    break;
            }

            if (values > MaxValues)
            {
                return false;
            }

            if (reader.ValueIsEscaped)
            {
                _ = reader.CopyString(scratch); // throws where the escapes are no text
            }
        }

        return true;
    }
}
