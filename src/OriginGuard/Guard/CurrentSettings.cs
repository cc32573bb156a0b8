using System.Net;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OriginGuard.Checks;
using OriginGuard.ClientAddress;
using OriginGuard.Connections;
using OriginGuard.Exemptions;
using OriginGuard.Iap;
using OriginGuard.Ranges;
using OriginGuard.SharedSecret;

namespace OriginGuard.Guard;

/// <summary>
/// Makes a plan of the options, each time they change, and puts it in force: the only one that follows the options. A plan is made whole, and whatever throws
/// on the way leaves the one before it in force as a whole. Then it is swapped in by one write, and what works beside the requests learns of it.
/// </summary>
internal sealed partial class CurrentSettings
{
    private readonly CurrentRanges _ranges;
    private readonly CurrentSecrets _secrets;
    private readonly IapKeySources _keys;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly bool _hasCors;
    private readonly List<PlanStep> _steps;
    private volatile GuardSettings? _value;

    public CurrentSettings(
        OptionsInForce options, CurrentRanges ranges, CurrentSecrets secrets, IapKeySources keys, TimeProvider time, ILoggerFactory loggers,
        IServiceProviderIsService? services = null)
    {
        _hasCors = services?.IsService(typeof(ICorsService)) is true;
        (_ranges, _secrets, _keys, _time, _loggers, _logger) = (ranges, secrets, keys, time, loggers, loggers.CreateLogger<CurrentSettings>());
        _steps =
        [
            new("the ranges of its records", (_, plan) => _ranges.Use(plan.Ranges)),
            new("its secret files", (_, plan) => _secrets.Use(plan.Secrets)),
            new("the keys of the one before", static (before, _) => before?.Iap?.Release()),
        ];
        options.Follow(Prepare);
    }

    public GuardSettings Value => _value ?? throw new InvalidOperationException("The settings are not made yet.");

    /// <summary>
    /// What is done, in this order, after each change and behind the steps of the rooms, with the plan before and the plan now. To be called while the options
    /// are followed, so that no change comes in between.
    /// </summary>
    public void Then(params ReadOnlySpan<PlanStep> steps) => _steps.AddRange(steps);

    /// <summary>Makes the plan of some options; what comes back puts it in force.</summary>
    public Action Prepare(OriginGuardOptions options)
    {
        var plan = Build(options);
        return () => Publish(plan);
    }

    private void Publish(GuardSettings plan)
    {
        var before = _value;
        _value = plan;

        // The plan is in force: a step that fails does not keep the others from theirs, and nobody may say that the old one still is.
        foreach (var step in _steps)
        {
            try
            {
                step.Do(before, plan);
            }
            catch (Exception failure)
            {
                Log.StepFailed(_logger, failure, step.Name);
            }
        }
    }

    private GuardSettings Build(OriginGuardOptions options)
    {
        var iap = IsIapOn(options) ? new IapVerifier(_keys, _time, _loggers.CreateLogger<IapVerifier>()) : null;
        try
        {
            iap?.Apply(options.Iap);
            return Build(options, _ranges.Prepare(options.SourceAddress), _secrets.Prepare(options.SharedSecret), iap);
        }
        catch
        {
            iap?.Release();
            throw;
        }
    }

    private GuardSettings Build(OriginGuardOptions options, PlannedRanges ranges, PlannedSecrets secrets, IapVerifier? iap)
    {
        var enforces = options.Mode is LayerMode.Enforce;
        var headers = Headers(options);
        var layers = Layers(options, headers, ranges, secrets, iap);
        return new GuardSettings
        {
            Options = options,
            Ranges = ranges,
            Secrets = secrets,
            Iap = iap,
            IsDisabled = options.Mode is LayerMode.Disabled,
            IsEnforced = enforces,
            Checks = [.. layers.Select(layer => layer.Check)],
            Enforced = [.. layers.Select(layer => enforces && layer.Mode is LayerMode.Enforce)],
            Layers = [.. Enum.GetValues<GuardLayer>().Select(layer => LayerWords.SetUp(layer, options, ModeOf(layer, layers, options)))],
            Exemptions = [.. options.Exemptions.Select(exemption => new ExemptPath(
                exemption.Path, exemption.Networks.Length == 0 ? null : CidrTrie.Create(exemption.Networks)))],
            Headers = headers,
            SecretCheck = layers.Select(layer => layer.Check).OfType<SharedSecretCheck>().SingleOrDefault(),
            IsIdentityTaken = enforces && IsIapOn(options) && options.Iap.Mode is LayerMode.Enforce,
            IsClientRestored = enforces && options.ClientAddress.Restore,
            Client = new ClientAddressResolver(options.ClientAddress.Position ?? 2),
            Refusal = new RefusalResponse(options.Rejection.StatusCode, options.Rejection.IncludeReason ?? false, options.Rejection.Abort),
            Connections = Connections(options, ranges),
        };
    }

    /// <summary>Whoever only watches, the guard as a whole or this layer, leaves the secret where it is: a check of the application's own may want it.</summary>
    private static HeaderWalk Headers(OriginGuardOptions options) => new(options.SharedSecret.HeaderName, IapDefaults.AssertionHeader)
    {
        TakesSecret = options.SharedSecret is { IsConfigured: true, RemoveHeader: true, Mode: not LayerMode.ReportOnly } && options.Mode is not LayerMode.ReportOnly,
    };

    private static ConnectionPolicy Connections(OriginGuardOptions options, PlannedRanges ranges)
    {
        var address = options.SourceAddress;
        IPNetwork[] exempt = [.. options.Exemptions.SelectMany(exemption => exemption.Networks)];
        return new ConnectionPolicy(
            isOn: options.Mode is not LayerMode.Disabled && address.IsConfigured && address.Mode is not LayerMode.Disabled,
            isEnforced: options.Mode is LayerMode.Enforce && address.Mode is LayerMode.Enforce,
            exempt: exempt.Length == 0 ? null : CidrTrie.Create(exempt),
            ranges);
    }

    private List<(IOriginCheck Check, LayerMode Mode)> Layers(
        OriginGuardOptions options, HeaderWalk headers, PlannedRanges ranges, PlannedSecrets secrets, IapVerifier? iap)
    {
        List<(IOriginCheck Check, LayerMode Mode)> layers = [];
        List<(string Header, LayerMode Mode)> guarded = [];
        var address = options.SourceAddress;
        if (address.IsConfigured && address.Mode is not LayerMode.Disabled)
        {
            var from = address.From ?? PeerAddressSource.Connection;
            layers.Add((new SourceAddressCheck(from, address.ForwardedForPosition, ranges, _ranges.Time), address.Mode));
            if (from is PeerAddressSource.ForwardedFor)
            {
                guarded.Add((HeaderWalk.ForwardedFor, address.Mode));
            }
        }

        if (options.SharedSecret.IsConfigured && options.SharedSecret.Mode is not LayerMode.Disabled)
        {
            layers.Add((new SharedSecretCheck(secrets), options.SharedSecret.Mode));
            guarded.Add((options.SharedSecret.HeaderName, options.SharedSecret.Mode));
        }

        if (iap is not null)
        {
            layers.Add((new IapCheck(iap, PreflightsOf(options)), options.Iap.Mode));
            guarded.Add((IapDefaults.AssertionHeader, options.Iap.Mode));
        }

        // First of all, and each header as strictly as its own layer.
        layers.InsertRange(0, guarded.GroupBy(entry => entry.Mode).OrderBy(group => group.Key)
            .Select(group => ((IOriginCheck)new SmuggledHeadersCheck([.. group.Select(entry => entry.Header)], headers), group.Key)));
        return layers;
    }

    private Preflights PreflightsOf(OriginGuardOptions options) => options.Iap.AllowPreflight switch
    {
        true => Preflights.All,
        null when _hasCors && (options.SourceAddress is { IsConfigured: true, Mode: LayerMode.Enforce } || options.SharedSecret is { IsConfigured: true, Mode: LayerMode.Enforce })
            => Preflights.ForCorsAlone,
        _ => Preflights.None,
    };

    private static bool IsIapOn(OriginGuardOptions options) =>
        options.Mode is not LayerMode.Disabled && options.Iap.IsConfigured && options.Iap.Mode is not LayerMode.Disabled;

    /// <summary>The strictest of a layer's modes, and never stricter than that of the whole guard.</summary>
    private static LayerMode ModeOf(GuardLayer layer, List<(IOriginCheck Check, LayerMode Mode)> layers, OriginGuardOptions options) =>
        layers.Where(entry => entry.Check.Layer == layer).Select(entry => entry.Mode).DefaultIfEmpty(LayerMode.Disabled).Min() is var mode && mode > options.Mode
            ? mode
            : options.Mode;
}
