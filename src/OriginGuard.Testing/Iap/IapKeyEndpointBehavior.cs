namespace OriginGuard.Testing;

/// <summary>What an <see cref="IapKeyEndpoint"/> answers.</summary>
public enum IapKeyEndpointBehavior
{
    /// <summary>The key set of the issuer.</summary>
    Serve,

    /// <summary>A JWK set without keys.</summary>
    EmptySet,

    /// <summary>Status 200 and something that is no JWK set.</summary>
    Garbage,

    /// <summary>Status 500.</summary>
    ServerError,

    /// <summary>A redirect to an address that does serve the keys.</summary>
    Redirect,

    /// <summary>A key set that is padded to a mebibyte.</summary>
    Oversize,

    /// <summary>Nothing, until the caller gives up or the behaviour changes; the keys then.</summary>
    Hang,

    /// <summary>Closes the connection without an answer.</summary>
    Disconnect,
}
