using System.Net;
using Microsoft.Extensions.Configuration.Memory;
using OriginGuard.Sample.Settings;
using OriginGuard.Sample.Simulated;

namespace OriginGuard.Sample;

/// <summary>The running sample: the guarded origin and, unless it stands alone, what is simulated around it.</summary>
internal sealed class SampleHost : IAsyncDisposable
{
    private readonly WebApplication _origin;

    private SampleHost(WebApplication origin, Simulation? simulation) => (_origin, Simulation) = (origin, simulation);

    public Simulation? Simulation { get; }

    /// <summary>Where the guarded origin listens.</summary>
    public IReadOnlyCollection<string> Urls => [.. _origin.Urls];

    public string ContentRoot => _origin.Environment.ContentRootPath;

    /// <param name="args">The command line.</param>
    /// <param name="contentRoot">Where appsettings.json lies: beside the program, from whatever directory it is started.</param>
    /// <param name="sources">Where the load balancer may connect from, best first.</param>
    /// <param name="cancellationToken">Gives up waiting for the start.</param>
    public static async Task<SampleHost> StartAsync(
        string[] args, string? contentRoot = null, IPAddress[]? sources = null, CancellationToken cancellationToken = default)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = contentRoot ?? AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;

            // What the load balancer keeps to (docs/google-cloud-setup.md).
            (kestrel.Limits.KeepAliveTimeout, kestrel.Limits.MaxRequestHeadersTotalSize) = (TimeSpan.FromSeconds(620), 64 * 1024);
        });
        var settings = SampleSettings.Read(builder.Configuration);
        if (settings.ConnectionGuard)
        {
            // Whatever names the listeners, the simulator, --urls or the section Kestrel, and before their TLS.
            builder.WebHost.ConfigureKestrel(static kestrel => kestrel.ConfigureEndpointDefaults(static listen => listen.UseOriginGuard()));
        }

        AddDefaults(builder.Configuration, SampleDefaults.Logging);
        if (!settings.Simulator)
        {
            AddDefaults(builder.Configuration, SampleDefaults.Alone(builder.Configuration));
            return await StartAsync(builder, null, cancellationToken);
        }

        var simulation = await Simulation.StartAsync(settings, sources ?? SourceAddress.Candidates, cancellationToken);
        try
        {
            // Where the keys lie is a word about IAP, and the guard takes whoever has one at it: it wants to know the audiences too.
            var asksForIap = settings.Iap || builder.Configuration.GetSection("OriginGuard:Iap").Exists();
            AddDefaults(builder.Configuration, simulation.Configuration.Where(setting => asksForIap || !setting.Key.StartsWith("OriginGuard:Iap:", StringComparison.Ordinal)));
            return await StartAsync(builder, simulation, cancellationToken);
        }
        catch
        {
            await simulation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits for Ctrl+C, a signal or <paramref name="stop"/>, and ends everything.</summary>
    public async Task WaitForShutdownAsync(CancellationToken stop)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (stop.Register(() => stopping.TrySetResult()))
        using (_origin.Lifetime.ApplicationStopping.Register(() => stopping.TrySetResult()))
        {
            await stopping.Task;
        }

        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        // The load balancer first: the origin would wait for the connections that it keeps.
        if (Simulation is not null)
        {
            await Simulation.DisposeAsync();
        }

        await _origin.DisposeAsync();
    }

    private static async Task<SampleHost> StartAsync(WebApplicationBuilder builder, Simulation? simulation, CancellationToken cancellationToken)
    {
        var origin = GuardedOrigin.Build(builder, simulation);
        try
        {
            foreach (var url in simulation?.OriginUrls(builder.Configuration["urls"]) ?? [])
            {
                origin.Urls.Add(url);
            }

            await ListenAsync(origin, cancellationToken);
            if (simulation is not null)
            {
                await simulation.StandInFrontOfAsync(origin, cancellationToken);
            }

            return new SampleHost(origin, simulation);
        }
        catch
        {
            await origin.DisposeAsync();
            throw;
        }
    }

    private static async Task ListenAsync(WebApplication origin, CancellationToken cancellationToken)
    {
        try
        {
            await origin.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (StartMistakes.OriginPort(exception) is var explained && explained != exception)
        {
            throw explained;
        }
    }

    /// <summary>Below every other source: what the user sets in a file, the environment or on the command line wins.</summary>
    private static void AddDefaults(ConfigurationManager configuration, IEnumerable<KeyValuePair<string, string?>> defaults) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = defaults });
}
