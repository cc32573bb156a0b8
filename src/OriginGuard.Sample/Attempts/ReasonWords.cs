namespace OriginGuard.Sample.Attempts;

/// <summary>What the reason codes mean, in plain words.</summary>
internal static class ReasonWords
{
    public static string VerdictOf(string reason) => reason.EndsWith("_unavailable", StringComparison.Ordinal) ? "undetermined" : "refused";

    public static string Of(string reason) => reason switch
    {
        "headers.smuggled" => "A guarded header came in disguise: under a look-alike name, or named in Connection.",
        "address.unknown" => "The connection has no peer address.",
        "address.outside_ranges" => "The connection comes from an address that is in none of the load balancer's ranges.",
        "address.forwarded_for_invalid" => "The entry of X-Forwarded-For that should be the peer is missing, or is no address.",
        "address.ranges_unavailable" => "The guard has no usable ranges yet, so it cannot tell.",
        "secret.missing" => "The request carries no secret, so it did not come through your load balancer.",
        "secret.multiple" => "The request carries more than one value for the secret. Exactly one is right.",
        "secret.mismatch" => "The request carries a value that is not the secret.",
        "iap.missing" => "The request carries no assertion, so Identity-Aware Proxy did not let it through.",
        "iap.multiple" => "The request carries more than one assertion.",
        "iap.malformed" => "The assertion is not a well-formed token.",
        "iap.algorithm" => "The assertion is signed with another algorithm than ES256.",
        "iap.unknown_key" => "The assertion names a key that is not one of Google's.",
        "iap.signature" => "The assertion's signature does not verify.",
        "iap.issuer" => "The assertion was issued by somebody else.",
        "iap.audience" => "The assertion was issued for another service.",
        "iap.expired" => "The assertion has expired.",
        "iap.issued_in_future" => "The assertion was issued later than now.",
        "iap.lifetime" => "The assertion is valid for longer than Identity-Aware Proxy ever issues one.",
        "iap.subject" => "The assertion names nobody.",
        "iap.keys_unavailable" => "The guard has no keys yet, so it cannot tell.",
        _ => "The guard refused it.",
    };
}
