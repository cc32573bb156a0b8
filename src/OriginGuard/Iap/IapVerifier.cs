using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using OriginGuard.ForeignText;

namespace OriginGuard.Iap;

/// <summary>
/// The one place that judges assertions, for the guard's layer and for the authentication scheme alike. The first failure is the reason, in
/// this order: the header (missing, multiple), the form (malformed), algorithm, key, signature, and then the claims in the order of
/// <see cref="IapPolicy"/>. Nothing that an assertion claims is believed, or logged, before its signature has been verified.
/// </summary>
internal sealed partial class IapVerifier(IapKeySources sources, TimeProvider time, ILogger<IapVerifier> logger)
{
    private readonly Lock _lock = new();
    private readonly AudiencesSaid _audiencesSaid = new();
    private volatile Settings? _settings;
    private bool _isReleased;

    /// <summary>How the keys are; empty before the first <see cref="Apply"/>.</summary>
    public IapKeyStatus KeyStatus => _settings?.Keys.Status ?? default;

    /// <summary>Puts options in force that have been found valid. Another key endpoint is asked at once.</summary>
    public void Apply(IapOptions options)
    {
        lock (_lock)
        {
            var before = _settings;
            _settings = new Settings(new IapPolicy(options), sources.Acquire(options.KeysUri), options.KeysUri);
            if (before is not null)
            {
                sources.Release(before.KeysUri);
            }
        }
    }

    /// <summary>Gives the keys back, once: nobody new asks this one. Who has asked already still gets his answer.</summary>
    public void Release()
    {
        lock (_lock)
        {
            if (!_isReleased && _settings is { } settings)
            {
                _isReleased = true;
                sources.Release(settings.KeysUri);
            }
        }
    }

    /// <summary>Judges what stands in the header <c>x-goog-iap-jwt-assertion</c>.</summary>
    public ValueTask<IapResult> VerifyAsync(StringValues header) => Single(header, out var token) switch
    {
        RefusalReason.None => VerifyAsync(token),
        var reason => new ValueTask<IapResult>(Refuse(reason)),
    };

    /// <summary>Judges one assertion.</summary>
    public async ValueTask<IapResult> VerifyAsync(string token)
    {
        if (_settings is not { } settings)
        {
            return Refuse(RefusalReason.IapKeysUnavailable);
        }

        if (IapAssertionReader.Read(token) is not { } assertion)
        {
            return Refuse(RefusalReason.IapMalformed);
        }

        if (assertion.Algorithm is not "ES256")
        {
            return Refuse(RefusalReason.IapAlgorithm);
        }

        // No key has a longer one, and what cannot be there is not asked for.
        if (assertion.KeyId is not { Length: > 0 and <= JwkSetReader.MaxIdLength } id)
        {
            return Refuse(RefusalReason.IapUnknownKey);
        }

        if ((settings.Keys.Find(id) ?? await settings.Keys.FindAfterRefreshAsync(id).ConfigureAwait(false)) is not { } key)
        {
            return Refuse(settings.Keys.HasKeys ? RefusalReason.IapUnknownKey : RefusalReason.IapKeysUnavailable);
        }

        return key.Verifies(assertion) ? Judge(settings.Policy, IapClaims.Read(assertion.Payload)) : Refuse(RefusalReason.IapSignature);
    }

    /// <summary>The only value of a header, or why there is none.</summary>
    public static RefusalReason Single(StringValues header, out string token)
    {
        token = header.Count == 1 ? header[0] ?? "" : "";
        return header.Count > 1 || token.Contains(',', StringComparison.Ordinal)
            ? RefusalReason.IapMultiple
            : token.Length == 0 ? RefusalReason.IapMissing : RefusalReason.None;
    }

    private IapResult Judge(IapPolicy policy, IapClaims claims)
    {
        var now = time.GetUtcNow();
        var reason = policy.Judge(claims, now);
        if (reason is RefusalReason.None)
        {
            return IapResult.Valid(IapUser.From(claims), claims.Audience);
        }

        if (reason is RefusalReason.IapAudience)
        {
            ExplainAudience(policy.DescribeAudiences(), PrintableText.From(claims.Audience));
        }
        else if (logger.IsEnabled(LogLevel.Debug))
        {
            Explain(claims, reason, now.ToUnixTimeSeconds());
        }

        return Refuse(reason, reason is RefusalReason.IapIssuer ? null : claims.Audience);
    }

    /// <summary>A wrong setting looks like this, so it is said aloud; the test tokens that any signed-in user can ask for look like this too, so not for ever.</summary>
    private void ExplainAudience(string expected, string actual) =>
        Log.AudienceRefused(logger, _audiencesSaid.IsNew(expected, actual) ? LogLevel.Warning : LogLevel.Debug, expected, actual);

    private void Explain(IapClaims claims, RefusalReason reason, long now)
    {
        switch (reason)
        {
            case RefusalReason.IapIssuer:
                var issuer = PrintableText.From(claims.Issuer);
                Log.IssuerRefused(logger, IapDefaults.Issuer, issuer);
                break;
            case RefusalReason.IapExpired or RefusalReason.IapIssuedInFuture or RefusalReason.IapLifetime:
                var (issuedAt, expires) = (claims.IssuedAt, claims.Expires);
                Log.TimesRefused(logger, issuedAt, expires, now);
                break;
        }
    }

    private IapResult Refuse(RefusalReason reason, string? signedAudience = null)
    {
        Log.AssertionRefused(logger, reason);
        return IapResult.Refused(reason, signedAudience);
    }

    private sealed record Settings(IapPolicy Policy, IapKeySource Keys, Uri KeysUri);
}
