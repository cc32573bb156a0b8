using System.Collections.Concurrent;

namespace OriginGuard.Testing.Dns;

/// <summary>What the server knows: for each name its TXT records, or the name that it stands for.</summary>
internal sealed class DnsZone
{
    /// <summary>How long an answer may be kept when nobody says otherwise.</summary>
    public static readonly TimeSpan DefaultTimeToLive = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.OrdinalIgnoreCase);

    public void Set(string name, LoopbackDnsRecord[] records) => _entries[Key(name)] = new Entry(null, [.. records]);

    public void SetAlias(string name, string target) => _entries[Key(name)] = new Entry(target, []);

    public void Remove(string name) => _entries.TryRemove(Key(name), out _);

    public DnsResponse Answer(DnsRequest request)
    {
        var response = new DnsResponse(request);
        string? owner = null;
        var name = request.Name;
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        while (seen.Add(name))
        {
            if (!_entries.TryGetValue(Key(name), out var entry))
            {
                response.Code = DnsResponseCodes.NameError;
                break;
            }

            if (entry.Alias is not null)
            {
                response.AddAlias(owner, DefaultTimeToLive, entry.Alias);
                owner = name = entry.Alias;
                continue;
            }

            foreach (var record in request.Type == DnsResponse.TxtType ? entry.Records : [])
            {
                response.AddTxt(owner, record.TimeToLive, record.Data);
            }

            break;
        }

        return response;
    }

    private static string Key(string name) => name.TrimEnd('.');

    private sealed record Entry(string? Alias, LoopbackDnsRecord[] Records);
}
