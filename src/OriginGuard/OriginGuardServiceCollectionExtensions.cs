using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OriginGuard;
using OriginGuard.Arming;
using OriginGuard.Checks;
using OriginGuard.ClientAddress;
using OriginGuard.Configuration;
using OriginGuard.Connections;
using OriginGuard.Diagnostics;
using OriginGuard.Dns;
using OriginGuard.Exemptions;
using OriginGuard.Guard;
using OriginGuard.Iap;
using OriginGuard.Learning;
using OriginGuard.PublishedLists;
using OriginGuard.Ranges;
using OriginGuard.References;
using OriginGuard.SharedSecret;
using OriginGuard.Startup;
using OriginGuard.Surroundings;
using OriginGuard.Telemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the guard.</summary>
public static class OriginGuardServiceCollectionExtensions
{
    /// <summary>Registers the guard with the options that other calls configure. Calling it again is harmless.</summary>
    /// <param name="services">The services of the application.</param>
    /// <returns>A builder for what else the guard needs.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static OriginGuardBuilder AddOriginGuard(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(service => service.ServiceType == typeof(OptionsInForce)))
        {
            // Once is enough, and a second time would put the startup filter in twice.
            return new OriginGuardBuilder(services);
        }

        AddSurroundings(services);
        AddConfiguration(services);
        AddLayers(services);
        AddRequests(services);
        AddConnections(services);
        AddDiagnostics(services);
        AddStartup(services);

        // In front of every other startup filter: the framework's forwarded-headers switch is one, too.
        services.Insert(0, ServiceDescriptor.Singleton(CreateStartupFilter));
        return new OriginGuardBuilder(services);
    }

    /// <summary>Registers the guard and configures it in code. Calling it again adds to what was configured.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A builder for what else the guard needs.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static OriginGuardBuilder AddOriginGuard(this IServiceCollection services, Action<OriginGuardOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = AddOriginGuard(services);
        services.Configure(configure);
        return builder;
    }

    /// <summary>
    /// Registers the guard and configures it from a section, or from the section <c>OriginGuard</c> of a root. Changes of the configuration come into
    /// force while the application runs; one with a mistake is logged and not used.
    /// </summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configuration">The root, such as <c>builder.Configuration</c>, or the section itself.</param>
    /// <returns>A builder for what else the guard needs.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static OriginGuardBuilder AddOriginGuard(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var builder = AddOriginGuard(services);
        services.AddSingleton<IOptionsChangeTokenSource<OriginGuardOptions>>(
            new OptionsChangeSource<OriginGuardOptions>(Microsoft.Extensions.Options.Options.DefaultName, configuration));
        services.AddSingleton<IConfigureOptions<OriginGuardOptions>>(provider => new OptionsReader(
            configuration, provider.GetService<IConfiguration>(), provider.GetRequiredService<OptionsSections>()));
        services.AddSingleton(provider => new WatchedConfiguration(
            configuration, SettingsSources.RootBehind(configuration, provider.GetService<IConfiguration>()), provider.GetRequiredService<GuardClock>().Time));
        return builder;
    }

    private static void AddSurroundings(IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddGuardClock();
        services.TryAddSingleton(BuildTimeHost.Current);
        AddLogs(services);
    }

    /// <summary>For every class of the guard that writes a log; those of the IAP layer stand with it, which there can be without a guard.</summary>
    private static void AddLogs(IServiceCollection services)
    {
        services.AddSteadyLogger<OptionsInForce>();
        services.AddSteadyLogger<GuardPlans>();
        services.AddSteadyLogger<UnaskedAnswers>();
        services.AddSteadyLogger<StubResolver>();
        services.AddSteadyLogger<SnapshotFile>();
        services.AddSteadyLogger<StandInRanges>();
        services.AddSteadyLogger<RecordRefresh>();
        services.AddSteadyLogger<GoogleLists>();
        services.AddSteadyLogger<CurrentSecrets>();
        services.AddSteadyLogger<ConnectionGuard>();
        services.AddSteadyLogger<ConnectionRefusals>();
        services.AddSteadyLogger<RequestRefusals>();
        services.AddSteadyLogger<Observations>();
        services.AddSteadyLogger<ArmingFile>();
        services.AddSteadyLogger<Announcements>();
        services.AddSteadyLogger<BuildTimeGuard>();
        services.AddSteadyLogger<Supply>();
    }

    private static void AddConfiguration(IServiceCollection services)
    {
        services.AddOptions<OriginGuardOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<OriginGuardOptions>, PlatformDefaults>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OriginGuardOptions>, OriginGuardOptionsValidator>());
        FrameworkBinderRule<OriginGuardOptions>.Register(services, "AddOriginGuard(section)");
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IOptionsRule, ConnectionGuardRules>());
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<OptionsSection, SourceAddressSection>(),
            ServiceDescriptor.Singleton<OptionsSection, DnsSection>(),
            ServiceDescriptor.Singleton<OptionsSection, SharedSecretSection>(),
            ServiceDescriptor.Singleton<OptionsSection, IapSection>(),
            ServiceDescriptor.Singleton<OptionsSection, ClientAddressSection>(),
            ServiceDescriptor.Singleton<OptionsSection, ExemptionsSection>(),
            ServiceDescriptor.Singleton<OptionsSection, RejectionSection>(),
            ServiceDescriptor.Singleton<OptionsSection, ArmingSection>(),
        ]);
        services.TryAddSingleton<OptionsSections>();
        services.AddSingleton<OptionsInForce>();
    }

    private static void AddLayers(IServiceCollection services)
    {
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<ILayerPlanner, SourceAddressPlanner>(),
            ServiceDescriptor.Singleton<ILayerPlanner, SharedSecretPlanner>(),
            ServiceDescriptor.Singleton<ILayerPlanner, IapPlanner>(),
        ]);
        services.TryAddSingleton<ITxtResolver>(CreateResolver);
        services.AddOnGuardClock<CurrentRanges>();
        services.AddOnGuardClock<SnapshotFile>();
        services.AddGoogleLists();
        services.TryAddSingleton<RangeJudge>();
        services.TryAddSingleton<StandInRanges>();
        services.TryAddSingleton<RangeRefresher>();
        services.AddOnGuardClock<SecretFiles>();
        services.AddOnGuardClock<CurrentSecrets>();
        services.AddIapKeys();
    }

    private static void AddRequests(IServiceCollection services)
    {
        services.AddOnGuardClock<ReferencePlanner>();
        services.TryAddSingleton<GuardPlans>();
        services.TryAddSingleton<GuardedPipeline>();
        services.TryAddSingleton<GuardedRequests>();
        services.AddOnGuardClock<RequestGuard>();
        services.TryAddSingleton<UnaskedAnswers>();
        services.AddSingleton<MatcherPolicy>(static provider => ShortCircuit(provider, isFirst: true));
        services.AddSingleton<MatcherPolicy>(static provider => ShortCircuit(provider, isFirst: false));
        AuthorizationAnswers.Register(services);
    }

    private static ShortCircuitGuardPolicy ShortCircuit(IServiceProvider provider, bool isFirst) =>
        new(provider.GetRequiredService<RequestGuard>(), provider.GetRequiredService<GuardedPipeline>(), isFirst);

    private static void AddConnections(IServiceCollection services)
    {
        services.TryAddSingleton<GuardedListeners>();
        services.AddOnGuardClock<ConnectionRefusals>();
        services.TryAddSingleton(CreateConnectionGuard);
    }

    private static void AddDiagnostics(IServiceCollection services)
    {
        services.TryAddSingleton<OriginGuardMetrics>();
        services.AddOnGuardClock<DecisionCounts>();
        services.AddOnGuardClock<RequestRefusals>();
        services.AddOnGuardClock<Observations>();
        services.AddOnGuardClock<ArmingAccount>();
        services.TryAddSingleton<ArmingFile>();
        services.AddOnGuardClock<ArmingKeeper>();
        services.AddOnGuardClock<DiagnosisReader>();
    }

    private static void AddStartup(IServiceCollection services)
    {
        services.TryAddSingleton<Announcements>();
        services.TryAddSingleton<Supply>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, OriginGuardHostedService>());
        InterruptibleServer.Register(services);
    }

    private static IStartupFilter CreateStartupFilter(IServiceProvider provider) => provider.GetRequiredService<BuildTimeHost>().IsOne
        ? ActivatorUtilities.CreateInstance<BuildTimeGuard>(provider)
        : new ArrivalStartupFilter();

    private static ConnectionGuard CreateConnectionGuard(IServiceProvider provider)
    {
        var plans = provider.GetRequiredService<GuardPlans>();
        return new ConnectionGuard(
            () => plans.Current.Connections,
            provider.GetRequiredService<CurrentRanges>(),
            provider.GetRequiredService<ConnectionRefusals>(),
            provider.GetRequiredService<OriginGuardMetrics>(),
            provider.GetRequiredService<ILogger<ConnectionGuard>>());
    }

    private static StubResolver CreateResolver(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<OptionsInForce>();
        return new StubResolver(
            () => options.Current.Dns,
            provider.GetRequiredService<GuardClock>().Time,
            HttpsTransport.CreateClient,
            provider.GetRequiredService<ILogger<StubResolver>>());
    }
}
