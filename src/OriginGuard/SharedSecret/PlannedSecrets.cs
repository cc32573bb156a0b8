namespace OriginGuard.SharedSecret;

/// <summary>The secrets of one configuration. Its files live on while it is in force: the ring is swapped when one of them holds another value.</summary>
/// <param name="options">The configuration.</param>
internal sealed class PlannedSecrets(SharedSecretOptions options)
{
    private string[] _values = [];
    private volatile SecretRing _ring = SecretRing.Empty;
    private long _changedAt;
    private volatile SecretUse[] _uses = [];
    private long _firstSeen;

    public SharedSecretOptions Options => options;

    public SecretRing Ring => _ring;

    /// <summary>Those of the configuration, and behind them those of its files.</summary>
    internal IReadOnlyList<string> Values => _values;

    /// <summary>Since when these secrets are in force.</summary>
    public DateTimeOffset ChangedAt => new(Interlocked.Read(ref _changedAt), TimeSpan.Zero);

    /// <summary>How much each secret is in use, the current one first, as of the last look.</summary>
    public SecretUse[] Uses => _uses is var uses && uses.Length == _ring.Count ? uses : new SecretUse[_ring.Count];

    /// <summary>When the first secret was first seen; null while it has not been.</summary>
    public DateTimeOffset? FirstSeen => Interlocked.Read(ref _firstSeen) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Looks which secrets have been used since the last look; one owner at a time. Requests pay nothing for it.</summary>
    public void Look(DateTimeOffset now)
    {
        var (ring, before) = (_ring, Uses);
        var uses = new SecretUse[ring.Count];
        for (var slot = 0; slot < uses.Length; slot++)
        {
            var matches = ring.MatchesOf(slot);
            uses[slot] = new SecretUse(matches, matches > before[slot].Matches ? now : before[slot].LastSeen);
        }

        if (uses is [{ Matches: > 0 }, ..])
        {
            Interlocked.CompareExchange(ref _firstSeen, now.UtcTicks, 0);
        }

        _uses = uses;
    }

    /// <summary>The values, and a ring of them; one owner at a time.</summary>
    /// <returns>Whether they are others than before.</returns>
    public bool Take(string[] values, DateTimeOffset now)
    {
        if (values.AsSpan().SequenceEqual(_values))
        {
            return false;
        }

        _values = values;
        Interlocked.Exchange(ref _changedAt, now.UtcTicks);
        (_ring, _uses) = (new SecretRing(values), []);
        Interlocked.Exchange(ref _firstSeen, 0);
        return true;
    }

    /// <summary>Begins with what another configuration had: where the values are the same, so are the ring and what was counted with it.</summary>
    public void TakeOver(PlannedSecrets other)
    {
        (_values, _ring, _uses) = (other._values, other._ring, other._uses);
        Interlocked.Exchange(ref _firstSeen, Interlocked.Read(ref other._firstSeen));
        Interlocked.Exchange(ref _changedAt, Interlocked.Read(ref other._changedAt));
    }
}
