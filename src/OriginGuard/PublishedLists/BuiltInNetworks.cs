using System.Net;
using OriginGuard.ForeignText;

namespace OriginGuard.PublishedLists;

/// <summary>The two lists as they were when this version was built: a dated copy, which says yes as well as a new one and no less surely.</summary>
internal static class BuiltInNetworks
{
    private const string Resource = "OriginGuard.PublishedLists.google-networks.txt";

    private static readonly Lazy<GoogleNetworks> Lists = new(Read);

    public static GoogleNetworks Networks => Lists.Value;

    /// <exception cref="FormatException">The text is not what <c>scripts/renew-google-networks</c> writes.</exception>
    public static GoogleNetworks Parse(IEnumerable<string> lines)
    {
        Dictionary<string, PublishedList> lists = [];
        List<IPNetwork> networks = [];
        foreach (var line in lines.Where(static line => !line.StartsWith('#')))
        {
            if (line.Split(' ') is [var name, var date])
            {
                networks = [];
                lists.Add(name, new PublishedList(PublishedList.DateOf(date), networks));
            }
            else
            {
                networks.Add(StrictNetwork.TryParse(line, out var network) && lists.Count > 0 ? network : throw new FormatException($"\"{line}\" is no network"));
            }
        }

        return lists.TryGetValue("goog.json", out var google) && lists.TryGetValue("cloud.json", out var cloud) && google.Networks.Count > 0 && cloud.Networks.Count > 0
            ? new GoogleNetworks(google, cloud)
            : throw new FormatException("goog.json or cloud.json is missing");
    }

    private static GoogleNetworks Read()
    {
        using var stream = typeof(BuiltInNetworks).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
