namespace OriginGuard.Surroundings;

/// <summary>One answer of an address that was asked: a body with its freshness, or what went wrong, in words for the log.</summary>
internal sealed record HttpDocument(ReadOnlyMemory<byte> Body, TimeSpan? MaxAge, string? Error)
{
    public static HttpDocument Failed(string error) => new(default, null, error);
}
