using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OriginGuard.Tool.Terminal;

/// <summary>How the commands write JSON. The default encoder stays: it escapes everything that a terminal would obey.</summary>
internal static class JsonOutput
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    public static string Render(JsonObject json)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented))
        {
            json.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }
}
