namespace OriginGuard.Testing.FrontEnd;

/// <summary>A request as the origin is to receive it. Its lines may hold a secret, so it has no text of its own.</summary>
internal sealed class OriginRequest
{
    public required string Method { get; init; }

    /// <summary>The client's path and query, to the letter: no escape and no dot segment is touched.</summary>
    public required string Target { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Lines { get; init; }

    public ClientBody? Body { get; init; }

    public bool IsWebSocket { get; init; }

    public bool ExpectsContinue => Body is not null && Lines.Any(static line =>
        line.Key.Equals("Expect", StringComparison.OrdinalIgnoreCase)
        && line.Value.Equals("100-continue", StringComparison.OrdinalIgnoreCase));
}
