namespace OriginGuard;

/// <summary>The TXT records of a name, or why there are none. Immutable.</summary>
public sealed class TxtAnswer
{
    private TxtAnswer(TxtError error, string? detail, IReadOnlyList<string> texts, TimeSpan timeToLive) =>
        (Error, Detail, Texts, TimeToLive) = (error, detail, texts, timeToLive);

    /// <summary>Why there are no records, or <see cref="TxtError.None"/>.</summary>
    public TxtError Error { get; }

    /// <summary>A sentence for the log about the failure: which server, which code. Null on success.</summary>
    public string? Detail { get; }

    /// <summary>
    /// One text per record, its character-strings joined without a separator (RFC 7208, section 3.3). Empty after a failure.
    /// </summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>How long the answer may be kept: the least TTL of the records. Zero after a failure.</summary>
    public TimeSpan TimeToLive { get; }

    /// <summary>True when there are records to read.</summary>
    public bool Succeeded => Error is TxtError.None;

    /// <summary>Makes a successful answer; without any text, one that has failed with <see cref="TxtError.NoData"/>.</summary>
    /// <param name="texts">One text per record, its character-strings joined without a separator.</param>
    /// <param name="timeToLive">The least TTL of the records; zero or more.</param>
    /// <exception cref="ArgumentNullException"><paramref name="texts"/> or one of them is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeToLive"/> is negative.</exception>
    public static TxtAnswer Found(IEnumerable<string> texts, TimeSpan timeToLive)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfLessThan(timeToLive, TimeSpan.Zero);
        string[] copy = [.. texts];
        foreach (var text in copy)
        {
            ArgumentNullException.ThrowIfNull(text, nameof(texts));
        }

        return copy.Length == 0
            ? Failed(TxtError.NoData, "the answer holds no TXT record")
            : new TxtAnswer(TxtError.None, null, copy, timeToLive);
    }

    /// <summary>Makes a failed answer.</summary>
    /// <param name="error">Why there are no records.</param>
    /// <param name="detail">A sentence for the log. It must not hold what a log must not.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="error"/> is <see cref="TxtError.None"/>.</exception>
    public static TxtAnswer Failed(TxtError error, string? detail = null)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((int)error, (int)TxtError.None, nameof(error));
        return new TxtAnswer(error, detail ?? error.ToString(), [], TimeSpan.Zero);
    }

    /// <summary>The number of records, or the error and its detail.</summary>
    public override string ToString() => Succeeded ? $"{Texts.Count} TXT record(s), TTL {TimeToLive}" : $"{Error}: {Detail}";
}
