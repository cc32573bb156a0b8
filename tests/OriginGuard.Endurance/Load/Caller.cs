namespace OriginGuard.Endurance.Load;

/// <summary>One kind of request.</summary>
/// <param name="Name">For people.</param>
/// <param name="Peer">Where it comes from.</param>
/// <param name="IsAdmitted">What is right at all times; null: what the record says.</param>
/// <param name="Secret">The secret that it sends; null for none.</param>
/// <param name="Assertion">The assertion that it sends; null for none.</param>
internal sealed record Caller(string Name, string Peer, bool? IsAdmitted, Func<Moment, string?> Secret, Func<Moment, string?> Assertion)
{
    /// <summary>Whether a request between two moments should have been admitted; null: either is right.</summary>
    public bool? Expect(Moment before, Moment after) => IsAdmitted ?? (ReferenceEquals(before, after) && !before.IsChanging ? before.IsIn : null);
}
