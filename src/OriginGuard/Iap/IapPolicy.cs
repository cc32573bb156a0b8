using System.Collections.Frozen;

namespace OriginGuard.Iap;

/// <summary>
/// What the claims of an assertion must say, once its signature has been verified. The order is fixed, and the first failure is the reason:
/// issuer, audience, expiry, issue time, lifetime, subject. A claim that is absent fails its own rule.
/// </summary>
internal sealed class IapPolicy
{
    private readonly FrozenSet<string> _audiences;
    private readonly string? _projectNumber;
    private readonly TimeSpan _skew;
    private readonly TimeSpan _maxLifetime;
    private readonly bool _allowAnonymous;

    public IapPolicy(IapOptions options)
    {
        _audiences = options.Audiences.ToFrozenSet(StringComparer.Ordinal);
        _projectNumber = options.ProjectNumber;
        _skew = options.ClockSkew;
        _maxLifetime = options.MaxTokenLifetime + (2 * options.ClockSkew);
        _allowAnonymous = options.AllowAnonymous;
    }

    /// <summary>The longest <c>exp - iat</c> that is accepted, with the skew on both sides.</summary>
    public TimeSpan MaxLifetime => _maxLifetime;

    public RefusalReason Judge(IapClaims claims, DateTimeOffset now) => claims switch
    {
        _ when !HasIssuer(claims) => RefusalReason.IapIssuer,
        _ when !HasAudience(claims) => RefusalReason.IapAudience,
        _ when !IsUnexpired(claims, now) => RefusalReason.IapExpired,
        _ when !IsIssued(claims, now) => RefusalReason.IapIssuedInFuture,
        _ when !HasLifetime(claims) => RefusalReason.IapLifetime,
        _ when !HasSubject(claims) => RefusalReason.IapSubject,
        _ => RefusalReason.None,
    };

    public static bool HasIssuer(IapClaims claims) => string.Equals(claims.Issuer, IapDefaults.Issuer, StringComparison.Ordinal);

    public bool HasAudience(IapClaims claims) => claims.Audience is { } audience
        && (_audiences.Contains(audience) || (_projectNumber is not null && IapAudience.BelongsTo(audience, _projectNumber)));

    // Times are subtracted from each other, and never moved by the skew: one near either end of the calendar must not leave it, be it a claim's or that of an application's own clock.
    public bool IsUnexpired(IapClaims claims, DateTimeOffset now) => claims.Expires is { } expires && now - At(expires) <= _skew;

    // IAP issues no nbf; RFC 7519 obliges whoever meets one.
    public bool IsIssued(IapClaims claims, DateTimeOffset now) =>
        claims.IssuedAt is { } issuedAt
        && At(issuedAt) - now <= _skew
        && (claims.NotBefore is not { } notBefore || At(notBefore) - now <= _skew);

    public bool HasLifetime(IapClaims claims) =>
        claims is { Expires: { } expires, IssuedAt: { } issuedAt }
        && expires > issuedAt
        && TimeSpan.FromSeconds(expires - issuedAt) <= _maxLifetime;

    public bool HasSubject(IapClaims claims) => _allowAnonymous || !string.IsNullOrWhiteSpace(claims.Subject);

    /// <summary>What <c>aud</c> should have been, for the log.</summary>
    public string DescribeAudiences() => string.Join(
        " or ", _audiences.Select(IapAudience.Shown).Concat(_projectNumber is null ? [] : [$"any resource of project {_projectNumber}"]));

    private static DateTimeOffset At(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);
}
