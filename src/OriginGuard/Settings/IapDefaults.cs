namespace OriginGuard;

/// <summary>The fixed names of Identity-Aware Proxy and of its authentication scheme.</summary>
public static class IapDefaults
{
    /// <summary>
    /// The authentication scheme that <c>AddGoogleIap</c> registers, and the authentication type of the user: <c>GoogleIap</c>.
    /// </summary>
    public const string AuthenticationScheme = "GoogleIap";

    /// <summary>The header that carries the signed assertion: <c>x-goog-iap-jwt-assertion</c>.</summary>
    public const string AssertionHeader = "x-goog-iap-jwt-assertion";

    /// <summary>The only issuer that is accepted: <c>https://cloud.google.com/iap</c>.</summary>
    public const string Issuer = "https://cloud.google.com/iap";

    /// <summary>
    /// The named client of <c>IHttpClientFactory</c> that fetches the keys: <c>OriginGuard.Iap</c>. Configure it after
    /// <c>AddOriginGuard</c> or <c>AddGoogleIap</c>, for example to go through a proxy. An answer that was redirected is not accepted,
    /// whatever the handler follows.
    /// </summary>
    public const string HttpClientName = "OriginGuard.Iap";

    /// <summary>Google's keys as a JWK set. The address without -jwk has them as PEM.</summary>
    internal const string KeysAddress = "https://www.gstatic.com/iap/verify/public_key-jwk";
}
