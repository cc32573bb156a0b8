using System.Net;
using OriginGuard.Checks;
using OriginGuard.ClientAddress;
using OriginGuard.Connections;
using OriginGuard.Iap;
using OriginGuard.Ranges;
using OriginGuard.SharedSecret;

namespace OriginGuard;

/// <summary>Turns the options in force into what the middleware reads, each time they change.</summary>
internal sealed class CurrentSettings
{
    private readonly CurrentRanges _ranges;
    private readonly CurrentSecrets _secrets;
    private readonly IapVerifier _iap;
    private readonly TimeProvider _time;
    private volatile GuardSettings? _value;

    public CurrentSettings(OptionsInForce options, CurrentRanges ranges, CurrentSecrets secrets, IapVerifier iap, TimeProvider time)
    {
        (_ranges, _secrets, _iap, _time) = (ranges, secrets, iap, time);
        options.Follow(current => _value = Use(current));
    }

    public GuardSettings Value => _value ?? throw new InvalidOperationException("The settings are not made yet.");

    private GuardSettings Use(OriginGuardOptions options)
    {
        // The rooms first: the checks must not look for a new header with old secrets.
        _secrets.Use(options.SharedSecret);
        _ranges.Use(options.SourceAddress);
        if (IsIapOn(options))
        {
            _iap.Apply(options.Iap);
        }

        var secret = options.SharedSecret.IsConfigured ? new GuardedHeader(options.SharedSecret.HeaderName) : null;
        var layers = Layers(options, secret);
        return new GuardSettings
        {
            IsDisabled = options.Mode is LayerMode.Disabled,
            IsEnforced = options.Mode is LayerMode.Enforce,
            Checks = [.. layers.Select(layer => layer.Check)],
            Enforced = [.. layers.Select(layer => options.Mode is LayerMode.Enforce && layer.Mode is LayerMode.Enforce)],
            Layers = [.. Enum.GetValues<GuardLayer>().Select(layer => LayerWords.SetUp(layer, options, ModeOf(layer, layers, options)))],
            Exemptions = [.. options.Exemptions.Select(exemption => new ExemptPath(
                exemption.Path, exemption.Networks.Length == 0 ? null : CidrTrie.Create(exemption.Networks)))],
            Secret = options.SharedSecret.RemoveHeader ? secret : null,
            IsSecretGuarded = options.SharedSecret.Mode is not LayerMode.Disabled,
            UnsignedIdentity = [.. IsIapOn(options) ? IapDefaults.UnsignedIdentityHeaders.Select(name => new GuardedHeader(name)) : []],
            SecretHeaderName = options.SharedSecret.HeaderName,
            Client = new ClientAddressResolver(options.ClientAddress.Restore, options.ClientAddress.Position ?? 2),
            Refusal = new RefusalResponse(options.Rejection.StatusCode, options.Rejection.IncludeReason ?? false, options.Rejection.Abort),
            Connections = Connections(options),
        };
    }

    private static ConnectionPolicy Connections(OriginGuardOptions options)
    {
        var address = options.SourceAddress;
        IPNetwork[] exempt = [.. options.Exemptions.SelectMany(exemption => exemption.Networks)];
        return new ConnectionPolicy(
            isOn: options.Mode is not LayerMode.Disabled && address.IsConfigured && address.Mode is not LayerMode.Disabled,
            isEnforced: options.Mode is LayerMode.Enforce && address.Mode is LayerMode.Enforce,
            exempt: exempt.Length == 0 ? null : CidrTrie.Create(exempt));
    }

    private List<(IOriginCheck Check, LayerMode Mode)> Layers(OriginGuardOptions options, GuardedHeader? secret)
    {
        List<(IOriginCheck Check, LayerMode Mode)> layers = [];
        List<(GuardedHeader Header, LayerMode Mode)> guarded = [];
        var address = options.SourceAddress;
        if (address.IsConfigured && address.Mode is not LayerMode.Disabled)
        {
            var from = address.From ?? PeerAddressSource.Connection;
            layers.Add((new SourceAddressCheck(from, address.ForwardedForPosition, _ranges, _time), address.Mode));
            if (from is PeerAddressSource.ForwardedFor)
            {
                guarded.Add((new GuardedHeader("X-Forwarded-For"), address.Mode));
            }
        }

        if (secret is not null && options.SharedSecret.Mode is not LayerMode.Disabled)
        {
            layers.Add((new SharedSecretCheck(secret.Name, _secrets), options.SharedSecret.Mode));
            guarded.Add((secret, options.SharedSecret.Mode));
        }

        if (IsIapOn(options))
        {
            layers.Add((new IapCheck(_iap, options.Iap.AllowPreflight), options.Iap.Mode));
            guarded.Add((new GuardedHeader(IapDefaults.AssertionHeader), options.Iap.Mode));
        }

        // First of all, and each header as strictly as its own layer.
        layers.InsertRange(0, guarded.GroupBy(entry => entry.Mode).OrderBy(group => group.Key)
            .Select(group => ((IOriginCheck)new SmuggledHeadersCheck([.. group.Select(entry => entry.Header)]), group.Key)));
        return layers;
    }

    private static bool IsIapOn(OriginGuardOptions options) =>
        options.Mode is not LayerMode.Disabled && options.Iap.IsConfigured && options.Iap.Mode is not LayerMode.Disabled;

    /// <summary>The strictest of a layer's modes, and never stricter than that of the whole guard.</summary>
    private static LayerMode ModeOf(GuardLayer layer, List<(IOriginCheck Check, LayerMode Mode)> layers, OriginGuardOptions options) =>
        layers.Where(entry => entry.Check.Layer == layer).Select(entry => entry.Mode).DefaultIfEmpty(LayerMode.Disabled).Min() is var mode && mode > options.Mode
            ? mode
            : options.Mode;
}
