using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OriginGuard;
using OriginGuard.Configuration;
using OriginGuard.Iap;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The assertion of Identity-Aware Proxy as an ordinary authentication scheme, with or without the guard.</summary>
public static class IapAuthenticationBuilderExtensions
{
    /// <summary>
    /// Adds the scheme <see cref="IapDefaults.AuthenticationScheme"/> with the options of the configuration section <c>OriginGuard:Iap</c>,
    /// which the guard reads too. A change of the section takes effect at once.
    /// </summary>
    /// <param name="builder">What <c>AddAuthentication</c> returned.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static AuthenticationBuilder AddGoogleIap(this AuthenticationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        AddScheme(builder, IapDefaults.AuthenticationScheme);
        AddReader(builder.Services, IapDefaults.AuthenticationScheme, static provider => provider.GetRequiredService<IConfiguration>());
        return builder;
    }

    /// <summary>
    /// Adds the scheme <see cref="IapDefaults.AuthenticationScheme"/>. <see cref="IapOptions.Audiences"/> or
    /// <see cref="IapOptions.ProjectNumber"/> must be set, or the application does not start; <see cref="IapOptions.Mode"/> has no
    /// meaning for a scheme.
    /// </summary>
    /// <param name="builder">What <c>AddAuthentication</c> returned.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static AuthenticationBuilder AddGoogleIap(this AuthenticationBuilder builder, Action<IapOptions> configure) =>
        builder.AddGoogleIap(IapDefaults.AuthenticationScheme, configure);

    /// <summary>
    /// Adds the scheme <see cref="IapDefaults.AuthenticationScheme"/> with options from configuration. A change of it takes effect at once;
    /// a change with a mistake in it does not, and is logged.
    /// </summary>
    /// <param name="builder">What <c>AddAuthentication</c> returned.</param>
    /// <param name="configuration">The section itself, or a root that has a section <c>OriginGuard:Iap</c>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static AuthenticationBuilder AddGoogleIap(this AuthenticationBuilder builder, IConfiguration configuration) =>
        builder.AddGoogleIap(IapDefaults.AuthenticationScheme, configuration);

    /// <summary>
    /// Adds a scheme of another name with options from configuration, for an application behind several IAP resources. A change of it takes effect at once; a change
    /// with a mistake in it does not, and is logged.
    /// </summary>
    /// <param name="builder">What <c>AddAuthentication</c> returned.</param>
    /// <param name="authenticationScheme">The name of the scheme.</param>
    /// <param name="configuration">The section itself, such as <c>AdminIap</c>, or a root that has a section <c>OriginGuard:Iap</c>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="authenticationScheme"/> is empty.</exception>
    public static AuthenticationBuilder AddGoogleIap(this AuthenticationBuilder builder, string authenticationScheme, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(authenticationScheme);
        ArgumentNullException.ThrowIfNull(configuration);
        AddScheme(builder, authenticationScheme);
        AddReader(builder.Services, authenticationScheme, _ => configuration);
        return builder;
    }

    /// <summary>
    /// Adds a scheme of another name, for an application behind several IAP resources. Its handler is that of JwtBearer, so the events of
    /// <see cref="JwtBearerOptions"/> under the same name work as usual.
    /// </summary>
    /// <param name="builder">What <c>AddAuthentication</c> returned.</param>
    /// <param name="authenticationScheme">The name of the scheme.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="authenticationScheme"/> is empty.</exception>
    public static AuthenticationBuilder AddGoogleIap(
        this AuthenticationBuilder builder, string authenticationScheme, Action<IapOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(authenticationScheme);
        ArgumentNullException.ThrowIfNull(configure);
        AddScheme(builder, authenticationScheme).Configure(configure);
        return builder;
    }

    private static void AddReader(IServiceCollection services, string scheme, Func<IServiceProvider, IConfiguration> configuration)
    {
        services.AddSingleton<IOptionsChangeTokenSource<IapOptions>>(provider => new OptionsChangeSource<IapOptions>(scheme, configuration(provider)));
        services.AddSingleton<IConfigureOptions<IapOptions>>(provider => new IapOptionsReader(scheme, configuration(provider), provider.GetService<IConfiguration>()));
        services.AddSingleton(provider => new IapSource(scheme, new BrokenFiles(SettingsSources.RootBehind(configuration(provider), provider.GetService<IConfiguration>()))));
    }

    private static OptionsBuilder<IapOptions> AddScheme(AuthenticationBuilder builder, string name)
    {
        var services = builder.Services;
        var scheme = new IapScheme(name);
        if (!services.Any(service => scheme.Equals(service.ImplementationInstance)))
        {
            services.AddIapKeys();
            services.AddSingleton(scheme);
            services.TryAddSingleton<IapSchemes>();
            FrameworkBinderRule<IapOptions>.Register(services, "AddGoogleIap(section)");
            services.TryAddEnumerable(
                ServiceDescriptor.Singleton<IHostedService, IapSchemes>(static provider => provider.GetRequiredService<IapSchemes>()));
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<JwtBearerOptions>, ConfigureIapJwtBearer>());
            AddStartupFilter(services);
            builder.AddJwtBearer(name, "Google Identity-Aware Proxy", static _ => { });
        }

        return services.AddOptions<IapOptions>(name);
    }

    /// <summary>In front of the startup filters that are there already: what they put in reads headers too.</summary>
    private static void AddStartupFilter(IServiceCollection services)
    {
        if (!services.Any(service => service.ImplementationType == typeof(IapIdentityHeadersStartupFilter)))
        {
            services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, IapIdentityHeadersStartupFilter>());
        }
    }
}
