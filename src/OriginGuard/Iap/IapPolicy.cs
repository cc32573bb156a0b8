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

    public RefusalReason Judge(IapAssertion assertion, DateTimeOffset now)
    {
        if (!string.Equals(assertion.Issuer, IapDefaults.Issuer, StringComparison.Ordinal))
        {
            return RefusalReason.IapIssuer;
        }

        if (!Admits(assertion.Audience))
        {
            return RefusalReason.IapAudience;
        }

        return JudgeTimes(assertion, now) is var reason and not RefusalReason.None
            ? reason
            : string.IsNullOrWhiteSpace(assertion.Subject) && !_allowAnonymous ? RefusalReason.IapSubject : RefusalReason.None;
    }

    /// <summary>What <c>aud</c> should have been, for the log.</summary>
    public string DescribeAudiences() => string.Join(
        " or ", _projectNumber is null ? _audiences : _audiences.Append($"any resource of project {_projectNumber}"));

    private bool Admits(string? audience) => audience is not null
        && (_audiences.Contains(audience) || (_projectNumber is not null && IapAudience.BelongsTo(audience, _projectNumber)));

    private RefusalReason JudgeTimes(IapAssertion assertion, DateTimeOffset now)
    {
        // The skew is taken from either side by subtraction: a time near the end of the calendar must not overflow.
        if (assertion.Expires is not { } expires || now - _skew > At(expires))
        {
            return RefusalReason.IapExpired;
        }

        // IAP issues no nbf; RFC 7519 obliges whoever meets one.
        if (assertion.IssuedAt is not { } issuedAt
            || At(issuedAt) - _skew > now
            || (assertion.NotBefore is { } notBefore && At(notBefore) - _skew > now))
        {
            return RefusalReason.IapIssuedInFuture;
        }

        return expires <= issuedAt || TimeSpan.FromSeconds(expires - issuedAt) > _maxLifetime
            ? RefusalReason.IapLifetime
            : RefusalReason.None;
    }

    private static DateTimeOffset At(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);
}
