namespace OriginGuard.Iap;

/// <summary>One answer of the key endpoint: a body with its freshness, or what went wrong, in words for the log.</summary>
internal sealed record IapKeyAnswer(ReadOnlyMemory<byte> Body, TimeSpan? MaxAge, string? Error)
{
    public static IapKeyAnswer Failed(string error) => new(default, null, error);
}
