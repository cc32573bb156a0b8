using System.Globalization;
using System.Net;
using System.Text.Json;
using OriginGuard.ForeignText;

namespace OriginGuard.PublishedLists;

/// <summary>
/// One of the lists of networks that Google publishes as JSON: <c>goog.json</c>, what is Google's, and <c>cloud.json</c>, what customers use of it
/// (https://support.google.com/a/answer/10026322).
/// </summary>
internal sealed record PublishedList(DateTimeOffset PublishedAt, IReadOnlyList<IPNetwork> Networks)
{
    // Google's lists have about 100 and 800. Whoever would have us compare with more has another list.
    private const int MaxNetworks = 10_000;

    /// <exception cref="FormatException">The document is not such a list, whole and with a date.</exception>
    public static PublishedList Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var published = root.GetProperty("creationTime").GetString();
            var networks = root.GetProperty("prefixes").EnumerateArray().Select(NetworkOf).ToArray();
            return networks.Length is 0 or > MaxNetworks
                ? throw new FormatException($"it holds {networks.Length} networks, where 1 to {MaxNetworks} are taken")
                : new PublishedList(DateOf(published), networks);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("it is not JSON with creationTime and prefixes", failure);
        }
    }

    // Without a zone, in UTC: 2025-07-24T19:16:28.780563.
    public static DateTimeOffset DateOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date)
            ? date
            : throw new FormatException($"its creationTime is {ShownText.Of(text ?? "")}");

    private static IPNetwork NetworkOf(JsonElement prefix)
    {
        var text = prefix.TryGetProperty("ipv4Prefix", out var v4) ? v4.GetString() : prefix.GetProperty("ipv6Prefix").GetString();
        return text is not null && StrictNetwork.TryParse(text, out var network) ? network : throw new FormatException("it holds a prefix that is no network");
    }
}
