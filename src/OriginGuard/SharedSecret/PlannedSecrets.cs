namespace OriginGuard.SharedSecret;

/// <summary>The secrets of one configuration. Its files live on while it is in force: the ring is swapped when one of them holds another value.</summary>
/// <param name="options">The configuration.</param>
internal sealed class PlannedSecrets(SharedSecretOptions options)
{
    private string[] _values = [];
    private volatile SecretWatch _watch = SecretWatch.Begin(SecretRing.Empty, default);

    public SharedSecretOptions Options => options;

    public SecretRing Ring => _watch.Ring;

    /// <summary>Those of the configuration, and behind them those of its files.</summary>
    internal IReadOnlyList<string> Values => _values;

    /// <summary>What was seen of them since they came into force, as of the last look.</summary>
    public SecretWatch Watch => _watch;

    /// <summary>Looks which secrets have been used since the last look; one owner at a time. Requests pay nothing for it.</summary>
    public void Look(DateTimeOffset now) => _watch = _watch.Look(now);

    /// <summary>The values, and a ring of them; one owner at a time.</summary>
    /// <returns>Whether they are others than before.</returns>
    public bool Take(string[] values, DateTimeOffset now)
    {
        if (values.AsSpan().SequenceEqual(_values))
        {
            return false;
        }

        (_values, _watch) = (values, SecretWatch.Begin(new SecretRing(values), now));
        return true;
    }

    /// <summary>Begins with what another configuration had: where the values are the same, so are the ring and what was counted with it.</summary>
    public void TakeOver(PlannedSecrets other) => (_values, _watch) = (other._values, other._watch);
}
