namespace OriginGuard;

/// <summary>Why a TXT query gave no records.</summary>
public enum TxtError
{
    /// <summary>It did give records.</summary>
    None,

    /// <summary>The name does not exist (RFC 1035, RCODE 3, NXDOMAIN).</summary>
    NameError,

    /// <summary>The name exists and has no TXT record.</summary>
    NoData,

    /// <summary>The server could not answer (RCODE 2, SERVFAIL), or answered with a code that says neither yes nor no.</summary>
    ServerFailure,

    /// <summary>The server refuses to answer (RCODE 5, REFUSED).</summary>
    Refused,

    /// <summary>No server answered in time.</summary>
    Timeout,

    /// <summary>The answer is not a well-formed DNS message, or not an answer to the question.</summary>
    Malformed,

    /// <summary>No server could be reached, or none is configured.</summary>
    Network,
}
