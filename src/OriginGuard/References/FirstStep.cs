namespace OriginGuard.References;

/// <summary>The first thing to do about each reason: the table in the package's README, word by word.</summary>
internal static class FirstStep
{
    private const string Explain = "The assertion is not one of Identity-Aware Proxy: `originguard assertion` explains it check by check";

    public static string Of(RefusalReason reason) => reason switch
    {
        RefusalReason.AddressOutsideRanges => "Look at the peer in the line. If the request is yours, the cause is a probe, a proxy in between, an address that was translated on the way, ranges that have grown old, or another `Platform`",
        RefusalReason.AddressUnknown => "The connection has no peer address, as on a Unix socket. Let the server listen on TCP",
        RefusalReason.AddressForwardedForInvalid => "`From` is `ForwardedFor`, and the entry is missing or no plain address. Check `ForwardedForPosition` and the platform",
        RefusalReason.AddressRangesUnavailable => "There are no ranges to compare with: 4103 and 4104 say why. Let the origin reach DNS; what helps at once is naming the networks in `SourceAddress:Networks`",
        RefusalReason.SecretMissing => "Add the header to the backend service: `--custom-request-header`, beside those that it has, since the command sets the whole list. If it is a health check, exempt its path",
        RefusalReason.SecretMismatch => "Put the same value into the load balancer and into `SharedSecret:Secrets`; during a rotation, both values into `Secrets`",
        RefusalReason.SecretMultiple => "The header came twice. Set it in one place of the load balancer",
        RefusalReason.HeadersSmuggled => "Somebody sent a look-alike of a guarded header. If it was your client, rename its header",
        RefusalReason.IapMissing => "Enable IAP on the backend service, or come through it. If it is a health check, exempt its path",
        RefusalReason.IapAudience => "Copy the audience from \"Get JWT audience code\" in the console",
        RefusalReason.IapUnknownKey => "If 4502 is in the log, the keys are old: let the origin reach `www.gstatic.com` over HTTPS. If not, the assertion is not one of Identity-Aware Proxy",
        RefusalReason.IapKeysUnavailable => "Let the origin reach `www.gstatic.com` over HTTPS",
        RefusalReason.IapExpired or RefusalReason.IapIssuedInFuture => "Set the machine's clock",
        RefusalReason.IapSubject => "IAP lets everybody in (allUsers). Close it, or set `Iap:AllowAnonymous` if that is meant",
        RefusalReason.None => "",
        _ => Explain,
    };
}
