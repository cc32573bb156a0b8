namespace OriginGuard.Testing;

/// <summary>
/// The kinds of assertion that Identity-Aware Proxy makes on request, for <c>?gcp-iap-mode=SECURE_TOKEN_TEST</c>, under the names that
/// <c>iap-secure-token-test-type</c> has for them. An origin admits the first and refuses the rest.
/// </summary>
public enum IapAssertionKind
{
    /// <summary><c>NOT_SET</c>: a valid assertion.</summary>
    NotSet,

    /// <summary><c>FUTURE_ISSUE</c>: issued in the future (<c>iap.issued_in_future</c>).</summary>
    FutureIssue,

    /// <summary><c>PAST_EXPIRATION</c>: expired (<c>iap.expired</c>).</summary>
    PastExpiration,

    /// <summary><c>ISSUER</c>: another issuer (<c>iap.issuer</c>).</summary>
    Issuer,

    /// <summary><c>AUDIENCE</c>: another audience (<c>iap.audience</c>).</summary>
    Audience,

    /// <summary><c>SIGNATURE</c>: a signature that does not verify (<c>iap.signature</c>).</summary>
    Signature,
}
