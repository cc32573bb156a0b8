using Microsoft.AspNetCore.Http;
using OriginGuard.Checks;

namespace OriginGuard.SharedSecret;

/// <summary>The second layer as one configuration has it: the secret that the load balancer adds.</summary>
internal sealed class SharedSecretLayer(OriginGuardOptions options, PlannedSecrets secrets, CurrentSecrets current)
    : Layer(GuardLayer.SharedSecret, options.ModeOf(options.SharedSecret), WhyOf(
        options,
        GuardLayer.SharedSecret,
        options.SharedSecret,
        $"There is no secret: {Root}:SharedSecret:Secrets and SecretFiles are empty.",
        $"Secrets are configured; they are expected in the header {options.SharedSecret.HeaderName}."))
{
    private readonly SharedSecretCheck _check = new(secrets);

    public PlannedSecrets Secrets => secrets;

    public override IEnumerable<PlannedCheck> Checks => IsOn ? [Ask(_check)] : [];

    public override IEnumerable<string> Headers => [options.SharedSecret.HeaderName];

    public override IEnumerable<string> Weaknesses
    {
        get
        {
            foreach (var (i, secret) in secrets.Values.Index())
            {
                var key = i < options.SharedSecret.Secrets.Length ? options.Reading.Element($"{Root}:SharedSecret:Secrets", i) : $"A value of {Root}:SharedSecret:SecretFiles";
                foreach (var weakness in SecretText.Weaknesses(secret))
                {
                    yield return $"{key} {weakness}";
                }
            }
        }
    }

    public override OriginVerdict? Glance(HttpContext context, OriginFindings found) => _check.Check(found);

    public override void Begin() => current.Use(secrets);

    protected override string WhatAdmitted(OriginFindings found) => found.SecretSlot is 0
        ? "The request carried the current secret, once. Only your load balancer knows it."
        : $"The request carried secret number {found.SecretSlot + 1} of those configured, as while it is being changed.";
}
