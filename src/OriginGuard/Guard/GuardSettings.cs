using System.Net;
using Microsoft.AspNetCore.Http;
using OriginGuard.Checks;
using OriginGuard.ClientAddress;
using OriginGuard.Connections;
using OriginGuard.Exemptions;
using OriginGuard.Iap;
using OriginGuard.Ranges;
using OriginGuard.SharedSecret;

namespace OriginGuard.Guard;

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

    /// <summary>What is wanted of a request's headers.</summary>
    public required HeaderWalk Headers { get; init; }

    /// <summary>The check of the secret, if it is on.</summary>
    public required SharedSecretCheck? SecretCheck { get; init; }

    /// <summary>Whether the user and the identity headers are those of the assertion, and of nobody else. The layer enforces; one that only reports changes nothing.</summary>
    public required bool IsIdentityTaken { get; init; }

    /// <summary>Whether an admitted request gets the address of its client and the scheme that it spoke.</summary>
    public required bool IsClientRestored { get; init; }

    public required ClientAddressResolver Client { get; init; }

    public required RefusalResponse Refusal { get; init; }

    /// <summary>What holds on listeners that refuse on the connection.</summary>
    public required ConnectionPolicy Connections { get; init; }

    public bool IsExempt(HttpContext context, IPAddress? peer)
    {
        foreach (var path in Exemptions)
        {
            if (path.Holds(context, peer))
            {
                return true;
            }
        }

        return ExemptEndpoint.Holds(context);
    }
}
