namespace OriginGuard.Iap;

/// <summary>
/// Which unexpected audiences the log has named at Warning: each of them once, and only so many. Any Google Cloud customer can have an audience signed,
/// so the log must not grow with them.
/// </summary>
internal sealed class AudiencesSaid
{
    public const int Most = 16;

    private readonly Lock _lock = new();
    private readonly HashSet<(string Expected, string Actual)> _pairs = [];

    /// <summary>Whether it is worth a warning: it was not said before, and there is room.</summary>
    public bool IsNew(string expected, string actual)
    {
        lock (_lock)
        {
            return _pairs.Count < Most && _pairs.Add((expected, actual));
        }
    }
}
