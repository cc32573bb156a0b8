using System.Globalization;
using System.Text.Json;

namespace OriginGuard.Sample.Attempts;

/// <summary>An HTTP answer as it came over the socket, up to the end of the connection.</summary>
internal sealed record RawAnswer(string Text)
{
    public int Status => Text.Split(' ', 3) is [_, var code, _] && int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0;

    public string StatusLine => Text.ReplaceLineEndings("\n").Split('\n', 2)[0];

    public string Body => Text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is >= 0 and var end ? Text[(end + 4)..] : "";

    /// <summary>A text member of a JSON body.</summary>
    public string? Member(string name)
    {
        try
        {
            using var json = JsonDocument.Parse(Body);
            return json.RootElement.ValueKind is JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null; // no JSON, or half a surrogate pair in it
        }
    }
}
