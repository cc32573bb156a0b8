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

    /// <summary>Whether the other set has these very keys: who reads a set takes over what is the same in the one before, and another key under an id of old is new.</summary>
    public bool HasSameKeysAs(IapKeySet? other) => other is not null && Count == other.Count && _keys.Values.All(key => ReferenceEquals(key, other.Find(key.Id)));
}
