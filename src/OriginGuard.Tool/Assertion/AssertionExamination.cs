using System.Globalization;
using OriginGuard.Iap;

namespace OriginGuard.Tool.Assertion;

/// <summary>
/// Every check that the guard makes of an assertion, in its order and by its own rules, without stopping at the first that fails. Only an
/// unreadable assertion ends early: there is nothing to look at.
/// </summary>
internal sealed class AssertionExamination
{
    private readonly List<AssertionCheck> _checks = [];

    public AssertionExamination(string token, IapOptions options, IReadOnlyList<IapKey>? keys, DateTimeOffset now)
    {
        Now = now;
        CheckHeader(token);
        Assertion = IapAssertionReader.Read(token);
        Add("form", RefusalReason.IapMalformed, Assertion is not null, "a compact JWT of at most 8 KiB", FormDiagnosis.Explain(token, Assertion));
        if (Assertion is not null)
        {
            Claims = IapClaims.Read(Assertion.Payload);
            CheckSignature(Assertion, keys);
            CheckClaims(Claims, new IapPolicy(options), options);
        }
    }

    public IReadOnlyList<AssertionCheck> Checks => _checks;

    /// <summary>Null when it cannot be read.</summary>
    public IapAssertion? Assertion { get; }

    /// <summary>What it says, true or not; null when it cannot be read.</summary>
    public IapClaims? Claims { get; }

    public DateTimeOffset Now { get; }

    /// <summary>What the guard would answer: the first check that failed. None as well while something has not been checked.</summary>
    public RefusalReason Reason => _checks.FirstOrDefault(static check => check.Passed is false)?.Reason ?? RefusalReason.None;

    /// <summary>Every check was made, and passed. Anything less is not valid.</summary>
    public bool IsValid => _checks.TrueForAll(static check => check.Passed is true);

    public bool HasValidSignature => _checks.Exists(static check => check is { Name: "signature", Passed: true });

    private void CheckHeader(string token)
    {
        var reason = IapVerifier.Single(token, out _);
        var actual = reason switch
        {
            RefusalReason.IapMissing => "nothing",
            RefusalReason.IapMultiple => "a comma, as several values are joined",
            _ => "one value",
        };
        Add("header", reason is RefusalReason.None ? RefusalReason.IapMissing : reason, reason is RefusalReason.None, "one value", actual);
    }

    private void CheckSignature(IapAssertion assertion, IReadOnlyList<IapKey>? keys)
    {
        Add("algorithm", RefusalReason.IapAlgorithm, assertion.Algorithm is "ES256", "ES256", assertion.Algorithm);
        if (keys is null && assertion.KeyId is { Length: > 0 })
        {
            Add("key", RefusalReason.IapUnknownKey, null, "in the key set: give --keys", assertion.KeyId);
            Add("signature", RefusalReason.IapSignature, null, "verified with that key: give --keys", null);
            return;
        }

        keys ??= [];
        var key = assertion.KeyId is { Length: > 0 } id ? keys.FirstOrDefault(key => key.Id == id) : null;
        Add("key", RefusalReason.IapUnknownKey, key is not null, $"in the key set ({string.Join(", ", keys.Select(key => key.Id))})", assertion.KeyId);
        var isMade = assertion.Algorithm is "ES256" && key?.Verifies(assertion) is true;
        Add("signature", RefusalReason.IapSignature, isMade, "verified with that key", isMade ? "verified" : key is null ? "no key to check it with" : "not verified");
    }

    private void CheckClaims(IapClaims claims, IapPolicy policy, IapOptions options)
    {
        Add("issuer", RefusalReason.IapIssuer, IapPolicy.HasIssuer(claims), IapDefaults.Issuer, claims.Issuer);
        var audience = options.IsConfigured ? policy.DescribeAudiences() : "your resource: give --audience or --project-number";
        Add("audience", RefusalReason.IapAudience, options.IsConfigured ? policy.HasAudience(claims) : null, audience, claims.Audience);
        Add("expiry", RefusalReason.IapExpired, policy.IsUnexpired(claims, Now), $"not before {Time(Now - options.ClockSkew)}", Time(claims.Expires));
        var begin = claims.NotBefore is { } notBefore ? $"{Time(claims.IssuedAt)}, nbf {Time(notBefore)}" : Time(claims.IssuedAt);
        Add("issue time", RefusalReason.IapIssuedInFuture, policy.IsIssued(claims, Now), $"not after {Time(Now + options.ClockSkew)}", begin);
        Add("lifetime", RefusalReason.IapLifetime, policy.HasLifetime(claims), $"at most {Seconds(policy.MaxLifetime)}", Lifetime(claims));
        Add("subject", RefusalReason.IapSubject, policy.HasSubject(claims), "not blank", claims.Subject);
    }

    private void Add(string name, RefusalReason reason, bool? passed, string expected, string? actual) =>
        _checks.Add(new AssertionCheck(name, reason, passed, expected, actual));

    private static string? Lifetime(IapClaims claims) => claims is { Expires: { } expires, IssuedAt: { } issued }
        ? Seconds(TimeSpan.FromSeconds(expires - issued))
        : null;

    private static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} s");

    private static string? Time(long? seconds) => seconds is { } known ? Time(DateTimeOffset.FromUnixTimeSeconds(known)) : null;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
