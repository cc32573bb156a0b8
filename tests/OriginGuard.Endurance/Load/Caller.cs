namespace OriginGuard.Endurance.Load;

/// <summary>One kind of request.</summary>
/// <param name="Name">For people.</param>
/// <param name="Peer">Where it comes from.</param>
/// <param name="Expect">Whether a request between two moments must be admitted; null: either is right.</param>
internal sealed record Caller(string Name, string Peer, Func<Moment, Moment, bool?> Expect)
{
    /// <summary>The secret that it sends; null for none.</summary>
    public Func<Moment, string?> Secret { get; init; } = static now => now.Secret;

    /// <summary>The assertion that it sends; null for none.</summary>
    public Func<Moment, string?> Assertion { get; init; } = static now => now.Assertion;
}
