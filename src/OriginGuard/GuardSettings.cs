using Microsoft.AspNetCore.Http;
using OriginGuard.Checks;
using OriginGuard.ClientAddress;
using OriginGuard.Connections;
using OriginGuard.Iap;
using OriginGuard.Ranges;
using OriginGuard.SharedSecret;

namespace OriginGuard;

/// <summary>
/// The plan of one configuration: everything that decides about a request, made whole from valid options before any of it is in force. A request reads it
/// once. What lives on in it, the ranges of a record, the values of secret files, the keys, does so within what these options say.
/// </summary>
internal sealed class GuardSettings
{
    public required OriginGuardOptions Options { get; init; }

    public required PlannedRanges Ranges { get; init; }

    public required PlannedSecrets Secrets { get; init; }

    /// <summary>What judges assertions, or null without the layer.</summary>
    public required IapVerifier? Iap { get; init; }

    public required bool IsDisabled { get; init; }

    /// <summary>Whether the guard as a whole refuses; its layers can still be milder.</summary>
    public required bool IsEnforced { get; init; }

    /// <summary>The checks that are on, cheapest first.</summary>
    public required IOriginCheck[] Checks { get; init; }

    /// <summary>For each check whether its refusal is enforced or only reported.</summary>
    public required bool[] Enforced { get; init; }

    /// <summary>All layers, those that are off too, in the order in which they are asked.</summary>
    public required LayerSetUp[] Layers { get; init; }

    public required ExemptPath[] Exemptions { get; init; }

    /// <summary>The header that the application must not see, or null.</summary>
    public required GuardedHeader? Secret { get; init; }

    /// <summary>Where the secret is expected, whether or not there is one.</summary>
    public required string SecretHeaderName { get; init; }

    /// <summary>Whether a request with a look-alike of the secret's header is never admitted.</summary>
    public required bool IsSecretGuarded { get; init; }

    /// <summary>The unsigned companions of an assertion, which go when there is no valid one; empty without the layer.</summary>
    public required GuardedHeader[] UnsignedIdentity { get; init; }

    public required ClientAddressResolver Client { get; init; }

    public required RefusalResponse Refusal { get; init; }

    /// <summary>What holds on listeners that refuse on the connection.</summary>
    public required ConnectionPolicy Connections { get; init; }

    public bool IsExempt(HttpContext context, OriginFindings findings)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<AllowDirectAccessAttribute>() is not null)
        {
            return true;
        }

        foreach (var path in Exemptions)
        {
            if (path.Holds(context, findings.PeerAddress))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes off what the application must not see, whatever the verdict.</summary>
    public void Clean(HttpContext context, OriginFindings findings, OriginVerdict verdict)
    {
        Secret?.RemoveFrom(context.Request.Headers, hasNoLookAlike: IsSecretGuarded && verdict.Outcome is OriginOutcome.Admitted);
        if (findings.User is null)
        {
            foreach (var header in UnsignedIdentity)
            {
                header.RemoveFrom(context.Request.Headers);
            }
        }
    }
}
