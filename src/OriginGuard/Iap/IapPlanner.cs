using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OriginGuard.Checks;
using OriginGuard.Settings;

namespace OriginGuard.Iap;

/// <summary>Makes the third layer of each configuration. The times in an assertion are judged by the application's clock, as its tests issue them by it.</summary>
internal sealed class IapPlanner(
    IapKeySources keys, TimeProvider time, ILogger<IapVerifier> logger, IServiceProviderIsService? services = null, IHostEnvironment? environment = null) : ILayerPlanner
{
    private readonly bool _hasCors = services?.IsService(typeof(ICorsService)) is true;
    private readonly bool _isDevelopment = environment?.IsDevelopment() is true;

    public Layer Plan(OriginGuardOptions options)
    {
        if (!options.IsOn(options.Iap))
        {
            return new IapLayer(options, null, Preflights.None, _isDevelopment);
        }

        var verifier = new IapVerifier(keys, time, logger);
        verifier.Apply(options.Iap);
        return new IapLayer(options, verifier, PreflightsOf(options), _isDevelopment);
    }

    private Preflights PreflightsOf(OriginGuardOptions options) => options.Iap.AllowPreflight switch
    {
        true => Preflights.All,
        null when _hasCors && (IsStrict(options.SourceAddress) || IsStrict(options.SharedSecret)) => Preflights.ForCorsAlone,
        _ => Preflights.None,
    };

    private static bool IsStrict(ILayerOptions other) => other is { IsConfigured: true, Mode: LayerMode.Enforce };
}
