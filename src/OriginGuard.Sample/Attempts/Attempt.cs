namespace OriginGuard.Sample.Attempts;

/// <summary>A request that somebody might send, and what has to come of it.</summary>
/// <param name="Id">The name in addresses.</param>
/// <param name="Title">What is tried, in a few words.</param>
/// <param name="Story">Who would try this, and why it should or should not work.</param>
/// <param name="Way">The way it takes.</param>
/// <param name="Expected">What has to come of it.</param>
internal sealed record Attempt(string Id, string Title, string Story, Way Way, Expectation Expected)
{
    public string Path { get; init; } = "/whoami";

    /// <summary>Header lines, in which words in braces stand for what is known only once the simulation runs.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];
}
