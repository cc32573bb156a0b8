namespace OriginGuard;

/// <summary>Why a request was not admitted. Each reason has a fixed code, by which logs, metrics and the documentation name it.</summary>
public enum RefusalReason
{
    /// <summary>There is none: the request was admitted or is exempt.</summary>
    None,

    /// <summary><c>headers.smuggled</c>: a look-alike of a guarded header, with underscores or dots, or a guarded header named in <c>Connection</c>.</summary>
    HeadersSmuggled,

    /// <summary><c>address.unknown</c>: the connection has no peer address, as on a Unix socket.</summary>
    AddressUnknown,

    /// <summary><c>address.outside_ranges</c>: the peer lies in none of the load balancer's ranges.</summary>
    AddressOutsideRanges,

    /// <summary><c>address.forwarded_for_invalid</c>: the entry of X-Forwarded-For that should be the peer is absent or no address.</summary>
    AddressForwardedForInvalid,

    /// <summary><c>address.ranges_unavailable</c>: there are no usable ranges, so the guard cannot tell.</summary>
    AddressRangesUnavailable,

    /// <summary><c>secret.missing</c>: the header is absent or empty.</summary>
    SecretMissing,

    /// <summary><c>secret.multiple</c>: several header lines, or a comma in the value.</summary>
    SecretMultiple,

    /// <summary><c>secret.mismatch</c>: the value is none of the configured secrets.</summary>
    SecretMismatch,

    /// <summary><c>iap.missing</c>: no assertion header.</summary>
    IapMissing,

    /// <summary><c>iap.multiple</c>: several assertion headers, or a comma in the value.</summary>
    IapMultiple,

    /// <summary><c>iap.malformed</c>: not a well-formed compact JWT, over 8 KiB, with duplicate members or with <c>crit</c>.</summary>
    IapMalformed,

    /// <summary><c>iap.algorithm</c>: signed with another algorithm than ES256.</summary>
    IapAlgorithm,

    /// <summary><c>iap.unknown_key</c>: no <c>kid</c>, or one that is not in the key set.</summary>
    IapUnknownKey,

    /// <summary><c>iap.signature</c>: the signature does not verify.</summary>
    IapSignature,

    /// <summary><c>iap.issuer</c>: another issuer than Identity-Aware Proxy.</summary>
    IapIssuer,

    /// <summary><c>iap.audience</c>: issued for another resource.</summary>
    IapAudience,

    /// <summary><c>iap.expired</c>: the expiry has passed.</summary>
    IapExpired,

    /// <summary><c>iap.issued_in_future</c>: issued later than now.</summary>
    IapIssuedInFuture,

    /// <summary><c>iap.lifetime</c>: valid for longer than Identity-Aware Proxy ever issues.</summary>
    IapLifetime,

    /// <summary><c>iap.subject</c>: no subject.</summary>
    IapSubject,

    /// <summary><c>iap.keys_unavailable</c>: no keys have been loaded yet, so the guard cannot tell.</summary>
    IapKeysUnavailable,
}
