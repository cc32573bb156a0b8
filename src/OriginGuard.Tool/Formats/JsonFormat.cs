using System.Text.Json.Nodes;
using OriginGuard.PublishedLists;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Formats;

/// <summary>The networks with what is known about them.</summary>
internal static class JsonFormat
{
    public static string Render(RangeSet ranges) => JsonOutput.Render(new JsonObject
    {
        ["platform"] = ranges.Platform.ToString(),
        ["records"] = new JsonArray([.. ranges.Records.Select(static record => JsonValue.Create(record))]),
        ["timeToLiveSeconds"] = (long)ranges.TimeToLive.TotalSeconds,
        ["corroboration"] = ranges.Corroboration.ToName(),
        ["networks"] = new JsonArray([.. ranges.Networks.Select(static network => JsonValue.Create(network.ToString()))]),
    });
}
