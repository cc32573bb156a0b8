using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using OriginGuard.Configuration;
using OriginGuard.Networks;

namespace OriginGuard.Learning;

/// <summary>Writes what was learned as a piece of configuration: the arrays whole, since an array in the configuration replaces the one before it.</summary>
internal static class LearnedConfiguration
{
    /// <summary>The fewest networks that hold those learned, so that an operator recognises them; none of the site that the origin itself stands in, unless it is a lab.</summary>
    public static string? Write(OriginGuardOptions options, IReadOnlyList<IPNetwork> learned, IReadOnlyList<string> audiences)
    {
        // Where the address is not asked for nobody lacks a network, and naming some would switch the layer on for those alone. A gateway or a container's bridge in front of the
        // origin holds every connection: admitting its network would admit everybody.
        var networks = NetworkSet.Aggregate(learned.Where(network => options.IsOn(options.SourceAddress) && (options.SourceAddress.AllowNonPublicNetworks || !PeerKinds.Site.Any(site => NetworkSet.Overlap(site, network)))));
        string[] newAudiences = [.. audiences.Except(options.Iap.Audiences, StringComparer.Ordinal)];
        if (networks.Count == 0 && newAudiences.Length == 0)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            string[] path = options.Reading.Root().Split(':');
            json.WriteStartObject();
            foreach (var section in path)
            {
                json.WriteStartObject(section);
            }

            if (networks.Count > 0)
            {
                WriteArray(json, "SourceAddress", "Networks", (options.SourceAddress.Networks ?? []).Concat(networks).Select(static network => network.ToString()));
            }

            if (newAudiences.Length > 0)
            {
                WriteArray(json, "Iap", "Audiences", options.Iap.Audiences.Concat(newAudiences));
            }

            for (var depth = 0; depth <= path.Length; depth++)
            {
                json.WriteEndObject();
            }
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteArray(Utf8JsonWriter json, string section, string key, IEnumerable<string> values)
    {
        json.WriteStartObject(section);
        json.WriteStartArray(key);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
