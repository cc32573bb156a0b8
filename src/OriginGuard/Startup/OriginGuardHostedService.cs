using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OriginGuard.Configuration;
using OriginGuard.Surroundings;

namespace OriginGuard.Startup;

/// <summary>
/// Lets the supply begin before the server listens, and end with the application. At build time there is none. It is the step of the start that mistakes of
/// the configuration end, before anything of the guard is made: thrown while the container makes the services of the host, they would stand between the two
/// dozen lines of its stack, once in the log and once more when the process ends.
/// </summary>
internal sealed class OriginGuardHostedService(IServiceProvider services) : HostLifetimeService
{
    private Supply? _supply;

    protected override Task BeginAsync(CancellationToken cancellationToken)
    {
        if (services.GetRequiredService<BuildTimeHost>().IsOne)
        {
            return Task.CompletedTask;
        }

        if (Mistakes() is { } mistakes)
        {
            throw mistakes;
        }

        _supply = services.GetRequiredService<Supply>();

        // Hosts of the former generation do not say that the server listens.
        services.GetService<IHostApplicationLifetime>()?.ApplicationStarted.Register(_supply.Started);
        return _supply.StartAsync(cancellationToken);
    }

    protected override void Listens() => _supply?.Started();

    protected override Task EndAsync(CancellationToken cancellationToken) => _supply?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    private OptionsValidationException? Mistakes()
    {
        try
        {
            _ = services.GetRequiredService<OptionsInForce>();
            return null;
        }
        catch (OptionsValidationException invalid)
        {
            // The exception joins them into one line; a line break behind each makes it one mistake a line.
            string[] mistakes = [.. invalid.Failures];
            return new OptionsValidationException(
                invalid.OptionsName, invalid.OptionsType, [.. mistakes[..^1].Select(static mistake => mistake + Environment.NewLine), mistakes[^1]]);
        }
    }
}
