namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>
/// Whether an origin has grown warm. The runtime compiles what is used often a second and a third time, in the background: that ebbs away, and what is
/// left is a trickle that never quite ends.
/// </summary>
internal sealed class Steadiness
{
    /// <summary>Rounds in a row that must be calm, and rounds after which the wait is over in any case.</summary>
    public const int CalmRounds = 3;

    public const int MostRounds = 60;

    /// <summary>As many methods may a calm round still compile.</summary>
    public const int Trickle = 10;

    private long _compiled;
    private int _calm;
    private int _rounds;

    /// <summary>Called after each round with the number of methods that were compiled so far.</summary>
    public bool IsReached(long compiled)
    {
        _calm = compiled - _compiled <= Trickle ? _calm + 1 : 0;
        _compiled = compiled;
        return _calm == CalmRounds || ++_rounds == MostRounds;
    }
}
