using System.Net;

namespace OriginGuard.Ranges;

/// <summary>One record of a snapshot file.</summary>
internal sealed class SnapshotRecord(string name, DateTimeOffset loadedAt, TimeSpan timeToLive, IReadOnlyList<IPNetwork> networks)
{
    public string Name => name;

    public DateTimeOffset LoadedAt => loadedAt;

    public TimeSpan TimeToLive => timeToLive;

    public IReadOnlyList<IPNetwork> Networks => networks;
}
