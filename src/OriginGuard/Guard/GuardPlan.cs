using System.Net;
using Microsoft.AspNetCore.Http;
using OriginGuard.Checks;
using OriginGuard.ClientAddress;
using OriginGuard.Connections;
using OriginGuard.Exemptions;
using OriginGuard.Iap;
using OriginGuard.Ranges;
using OriginGuard.References;
using OriginGuard.SharedSecret;

namespace OriginGuard.Guard;

/// <summary>
/// The plan of one configuration: everything that decides about a request, made whole from valid options before any of it is in force. A request reads it
/// once. What lives on in it, the ranges of a record, the values of secret files, the keys, does so within what these options say.
/// </summary>
internal sealed class GuardPlan
{
    private readonly ExemptPath[] _exemptions;

    /// <param name="options">The options.</param>
    /// <param name="layers">The layers that have options of their own, in the order in which they are asked.</param>
    /// <param name="references">What seals references; null where they are off.</param>
    public GuardPlan(OriginGuardOptions options, IReadOnlyList<Layer> layers, RefusalReferences? references)
    {
        Options = options;
        References = references;
        IsDisabled = options.Mode is LayerMode.Disabled;
        IsEnforced = options.Mode is LayerMode.Enforce;
        IsArmed = IsEnforced && layers.All(static layer => layer.Mode is not LayerMode.ReportOnly);
        Headers = new HeaderWalk(options.SharedSecret.HeaderName, IapDefaults.AssertionHeader) { TakesSecret = TakesSecret(options) };
        Layers = [new HeadersLayer(options, layers, Headers), .. layers];
        Checks = [.. Layers.SelectMany(static layer => layer.Checks)];
        (Address, Secret, Iap) = (Of<SourceAddressLayer>(), Of<SharedSecretLayer>(), Of<IapLayer>());
        IsIdentityTaken = Iap.Mode is LayerMode.Enforce;
        IsClientRestored = IsEnforced && options.ClientAddress.Restore;
        Client = new ClientAddressResolver(options.ClientAddress.Position ?? 2);
        Refusal = new RefusalResponse(options.Rejection.StatusCode, options.Rejection.IncludeReason ?? false, options.Rejection.Abort);
        Connections = new ConnectionPolicy(Address.Mode, NetworksOf(options.Exemptions.SelectMany(static exemption => exemption.Networks)), Address.Ranges);
        _exemptions = [.. options.Exemptions.Select(static exemption => new ExemptPath(exemption.Path, NetworksOf(exemption.Networks)))];
    }

    public OriginGuardOptions Options { get; }

    public bool IsDisabled { get; }

    /// <summary>Whether the guard as a whole refuses; its layers can still be milder.</summary>
    public bool IsEnforced { get; }

    /// <summary>Whether it refuses, and none of its layers is milder.</summary>
    public bool IsArmed { get; }

    /// <summary>All layers, those that are off too, in the order in which they are asked.</summary>
    public Layer[] Layers { get; }

    /// <summary>What is asked of a request, cheapest first.</summary>
    public PlannedCheck[] Checks { get; }

    public SourceAddressLayer Address { get; }

    public SharedSecretLayer Secret { get; }

    public IapLayer Iap { get; }

    /// <summary>What is wanted of a request's headers.</summary>
    public HeaderWalk Headers { get; }

    /// <summary>Whether the user and the identity headers are those of the assertion, and of nobody else. The layer enforces; one that only reports changes nothing.</summary>
    public bool IsIdentityTaken { get; }

    /// <summary>Whether requests get the address of their client and the scheme that it spoke.</summary>
    public bool IsClientRestored { get; }

    public ClientAddressResolver Client { get; }

    public RefusalResponse Refusal { get; }

    public RefusalReferences? References { get; }

    /// <summary>What holds on listeners that refuse on the connection.</summary>
    public ConnectionPolicy Connections { get; }

    /// <summary>Whether a layer that is enforced has spoken for a request that passes, whatever others report. A preflight passes IAP's without a word of it.</summary>
    public bool IsProven(OriginFindings found) => Address.Mode is LayerMode.Enforce || Secret.Mode is LayerMode.Enforce || (IsIdentityTaken && found.User is not null);

    /// <summary>Whether a request is exempt, by its endpoint or by its path; a path that is exempt for some is so for the peer that the address layer would look up.</summary>
    public bool IsExempt(HttpContext context, OriginFindings found) => IsExemptPath(context, found) || ExemptEndpoint.Holds(context);

    /// <summary>Whoever only watches, the guard as a whole or this layer, leaves the secret where it is: a check of the application's own may want it.</summary>
    private static bool TakesSecret(OriginGuardOptions options) =>
        options.SharedSecret is { IsConfigured: true, RemoveHeader: true, Mode: not LayerMode.ReportOnly } && options.Mode is not LayerMode.ReportOnly;

    private static CidrTrie? NetworksOf(IEnumerable<IPNetwork> networks) => networks.ToArray() is { Length: > 0 } some ? CidrTrie.Create(some) : null;

    private bool IsExemptPath(HttpContext context, OriginFindings found)
    {
        if (_exemptions.Length == 0)
        {
            return false;
        }

        var peer = Address.PeerOf(found);
        foreach (var path in _exemptions)
        {
            if (path.Holds(context, peer))
            {
                return true;
            }
        }

        return false;
    }

    private T Of<T>()
        where T : Layer => Layers.OfType<T>().Single();
}
