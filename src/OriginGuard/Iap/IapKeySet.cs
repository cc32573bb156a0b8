using System.Collections.Frozen;

namespace OriginGuard.Iap;

/// <summary>The keys that are in force, and when they were loaded. Immutable.</summary>
internal sealed class IapKeySet(IEnumerable<IapKey> keys, long loadedAt)
{
    private readonly FrozenDictionary<string, IapKey> _keys = keys.ToFrozenDictionary(key => key.Id, StringComparer.Ordinal);

    public int Count => _keys.Count;

    /// <summary>A timestamp of the time provider.</summary>
    public long LoadedAt => loadedAt;

    public IapKey? Find(string id) => _keys.GetValueOrDefault(id);

    public bool HasSameKeysAs(IapKeySet? other) => other is not null && Count == other.Count && _keys.Keys.All(other._keys.ContainsKey);
}
