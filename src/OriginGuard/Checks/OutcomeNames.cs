namespace OriginGuard.Checks;

/// <summary>The fixed spellings of outcomes and reasons in telemetry, problem details and documentation.</summary>
internal static class OutcomeNames
{
    public static string ToName(this OriginOutcome outcome) => outcome switch
    {
        OriginOutcome.Admitted => "admitted",
        OriginOutcome.Exempted => "exempted",
        OriginOutcome.Refused => "refused",
        _ => "undetermined",
    };

    public static string ToCode(this RefusalReason reason) => reason switch
    {
        RefusalReason.None => "none",
        RefusalReason.HeadersSmuggled => "headers.smuggled",
        RefusalReason.AddressUnknown => "address.unknown",
        RefusalReason.AddressOutsideRanges => "address.outside_ranges",
        RefusalReason.AddressForwardedForInvalid => "address.forwarded_for_invalid",
        RefusalReason.AddressRangesUnavailable => "address.ranges_unavailable",
        RefusalReason.SecretMissing => "secret.missing",
        RefusalReason.SecretMultiple => "secret.multiple",
        RefusalReason.SecretMismatch => "secret.mismatch",
        RefusalReason.IapMissing => "iap.missing",
        RefusalReason.IapMultiple => "iap.multiple",
        RefusalReason.IapMalformed => "iap.malformed",
        RefusalReason.IapAlgorithm => "iap.algorithm",
        RefusalReason.IapUnknownKey => "iap.unknown_key",
        RefusalReason.IapSignature => "iap.signature",
        RefusalReason.IapIssuer => "iap.issuer",
        RefusalReason.IapAudience => "iap.audience",
        RefusalReason.IapExpired => "iap.expired",
        RefusalReason.IapIssuedInFuture => "iap.issued_in_future",
        RefusalReason.IapLifetime => "iap.lifetime",
        RefusalReason.IapSubject => "iap.subject",
        RefusalReason.IapKeysUnavailable => "iap.keys_unavailable",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "A reason without a code."),
    };
}
