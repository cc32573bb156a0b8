using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OriginGuard.ForeignText;

/// <summary>Networks as texts. The framework's serializer would fail on the address in each.</summary>
internal sealed class NetworksJsonConverter : JsonConverter<IPNetwork[]>
{
    public override IPNetwork[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        List<IPNetwork> networks = [];
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            networks.Add(StrictNetwork.TryParse(reader.GetString() ?? "", out var network) ? network : throw new JsonException(StrictNetwork.Rule));
        }

        return [.. networks];
    }

    public override void Write(Utf8JsonWriter writer, IPNetwork[] value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var network in value)
        {
            writer.WriteStringValue(network.ToString());
        }

        writer.WriteEndArray();
    }
}
