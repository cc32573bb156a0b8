namespace OriginGuard.SharedSecret;

/// <summary>The secrets of one configuration. Its files live on while it is in force: the ring is swapped when one of them holds another value.</summary>
/// <param name="options">The configuration.</param>
internal sealed class PlannedSecrets(SharedSecretOptions options)
{
    private string[] _values = [];
    private volatile SecretRing _ring = SecretRing.Empty;
    private long _changedAt;

    public SharedSecretOptions Options => options;

    public SecretRing Ring => _ring;

    /// <summary>Since when these secrets are in force.</summary>
    public DateTimeOffset ChangedAt => new(Interlocked.Read(ref _changedAt), TimeSpan.Zero);

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
        _ring = new SecretRing(values);
        return true;
    }

    /// <summary>Begins with what another configuration had: where the values are the same, so are the ring and what was counted with it.</summary>
    public void TakeOver(PlannedSecrets other)
    {
        (_values, _ring) = (other._values, other._ring);
        Interlocked.Exchange(ref _changedAt, Interlocked.Read(ref other._changedAt));
    }
}
