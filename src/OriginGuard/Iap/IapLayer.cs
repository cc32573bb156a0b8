using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OriginGuard.Checks;

namespace OriginGuard.Iap;

/// <summary>The third layer as one configuration has it: the assertion that Identity-Aware Proxy signs.</summary>
/// <param name="options">All options.</param>
/// <param name="verifier">What judges assertions; null while the layer is off.</param>
/// <param name="preflights">Which preflights pass without an assertion.</param>
/// <param name="isDevelopment">Whether the application runs on its developer's machine.</param>
internal sealed class IapLayer(OriginGuardOptions options, IapVerifier? verifier, Preflights preflights, bool isDevelopment)
    : Layer(GuardLayer.Iap, options.ModeOf(options.Iap), WhyOf(
        options,
        GuardLayer.Iap,
        options.Iap,
        $"There is nothing to compare with: {Root}:Iap:Audiences is empty and ProjectNumber is not set.",
        $"{Root}:Iap has {(options.Iap.Audiences.Length > 0 ? "audiences" : "a project number")} to compare with."))
{
    public IapKeyStatus KeyStatus => verifier?.KeyStatus ?? default;

    /// <summary>A preflight passes without an assertion, and CORS alone answers it.</summary>
    public bool LeavesPreflightsToCors => preflights is Preflights.ForCorsAlone;

    public override IEnumerable<PlannedCheck> Checks => verifier is null ? [] : [Ask(new IapCheck(verifier, preflights))];

    public override IEnumerable<string> Headers => [IapDefaults.AssertionHeader];

    public override IEnumerable<string> Weaknesses => IsOn ? WeakIap.Find(options.Iap, $"{Root}:Iap", options.Reading, isDevelopment) : [];

    public override OriginVerdict? Glance(HttpContext context, OriginFindings found) => IapCheck.Glance(context, found, preflights);

    public override void End() => verifier?.Release();

    public override HealthCheckResult Health()
    {
        var keys = KeyStatus;
        Dictionary<string, object> data = new()
        {
            ["iap.keys"] = keys.Count,
            ["iap.ageSeconds"] = (long)(keys.Age ?? TimeSpan.Zero).TotalSeconds,
            ["iap.lastError"] = keys.LastError ?? "",
        };
        return keys.Count == 0
            ? HealthCheckResult.Unhealthy("No IAP keys have been loaded: every request with an assertion is undetermined (503 while the layer is enforced).", data: data)
            : keys.LastError is not null
                ? HealthCheckResult.Degraded("The last refresh of the IAP keys failed; the last known good ones are in force.", data: data)
                : HealthCheckResult.Healthy(data: data);
    }

    protected override string WhatAdmitted(OriginFindings found) => found.User is not { } user
        ? $"A CORS preflight without an assertion, as {Root}:Iap:AllowPreflight lets it pass (not set: for CORS alone). Nobody is signed in."
        : $"Identity-Aware Proxy signed for {user.FindFirstValue(IapClaimTypes.Email) ?? "somebody without an email"} ({user.FindFirstValue(IapClaimTypes.Subject) ?? "no subject"}).";
}
