namespace OriginGuard.Testing.FrontEnd;

/// <summary>Speaks one version of HTTP with the origin.</summary>
internal interface IOriginClient : IAsyncDisposable
{
    /// <summary>Whether WebSockets can pass.</summary>
    bool CanUpgrade { get; }

    /// <summary>Sends a request and returns as soon as the head of the answer is there; the body may still be on its way.</summary>
    /// <exception cref="IOException">The origin cannot be reached, or does not speak the protocol.</exception>
    Task<OriginAnswer> SendAsync(OriginRequest request, CancellationToken cancellationToken);
}
