namespace OriginGuard.Testing.FrontEnd;

/// <summary>What the origin answered. Its owner disposes it, whether or not the body was read.</summary>
internal abstract class OriginAnswer(int status, IReadOnlyList<KeyValuePair<string, string>> lines) : IAsyncDisposable
{
    public int Status => status;

    public IReadOnlyList<KeyValuePair<string, string>> Lines => lines;

    public abstract Task CopyBodyAsync(Stream to, CancellationToken cancellationToken);

    /// <summary>After the status 101: passes bytes in both directions until one side ends.</summary>
    public virtual Task JoinAsync(Stream client, CancellationToken cancellationToken) =>
        throw new IOException("The origin switched protocols, which nobody asked it to do.");

    public abstract ValueTask DisposeAsync();
}
