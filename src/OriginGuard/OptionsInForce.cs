using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace OriginGuard;

/// <summary>
/// The options that the guard obeys. The first load may stop the start; a later load that does not validate leaves the old options in
/// force. (<see cref="IOptionsMonitor{TOptions}"/> would throw into whoever reloads the configuration.)
/// </summary>
internal sealed partial class OptionsInForce : IDisposable
{
    private readonly IOptionsFactory<OriginGuardOptions> _factory;
    private readonly ILogger _logger;
    private readonly List<IDisposable> _subscriptions = [];
    private readonly Lock _reload = new();
    private volatile OriginGuardOptions _current;
    private Action<OriginGuardOptions>? _changed;

    public OptionsInForce(
        IOptionsFactory<OriginGuardOptions> factory,
        IEnumerable<IOptionsChangeTokenSource<OriginGuardOptions>> sources,
        ILogger<OptionsInForce> logger)
    {
        _factory = factory;
        _logger = logger;
        _current = factory.Create(Options.DefaultName);
        foreach (var source in sources)
        {
            _subscriptions.Add(ChangeToken.OnChange(source.GetChangeToken, Reload));
        }
    }

    public OriginGuardOptions Current => _current;

    /// <summary>
    /// Calls back with the options in force now and then with each new set of valid ones, in the order of subscription: a reload in between waits and is not
    /// missed. For singletons that live as long as this one.
    /// </summary>
    public void Follow(Action<OriginGuardOptions> use)
    {
        lock (_reload)
        {
            use(_current);
            _changed += use;
        }
    }

    public void Dispose()
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Dispose();
        }
    }

    private void Reload()
    {
        // Reloads come from file watchers and from whoever calls Reload: one at a time, so that the last one read is the one in force.
        lock (_reload)
        {
            try
            {
                var next = _factory.Create(Options.DefaultName);
                if (LostLayer(_current, next) is { } lost)
                {
                    Log.ReloadRefused(_logger, lost);
                    return;
                }

                _current = next;
                _changed?.Invoke(next);
                Log.OptionsReloaded(_logger);
            }
            catch (OptionsValidationException invalid)
            {
                foreach (var failure in invalid.Failures)
                {
                    Log.ReloadRefused(_logger, failure);
                }
            }
            catch (Exception unexpected)
            {
                Log.ReloadFailed(_logger, unexpected);
            }
        }
    }

    /// <summary>
    /// A file that is being replaced, or a source that is away, reads like an operator who wants no secret any more. Only a word of its own takes a
    /// layer off while the application runs.
    /// </summary>
    private static string? LostLayer(OriginGuardOptions current, OriginGuardOptions next)
    {
        var lost = current.SharedSecret.IsConfigured && !next.SharedSecret.IsConfigured && next.SharedSecret.Mode is not LayerMode.Disabled ? nameof(next.SharedSecret)
            : current.Iap.IsConfigured && !next.Iap.IsConfigured && next.Iap.Mode is not LayerMode.Disabled ? nameof(next.Iap)
            : null;
        return lost is null || next.Mode is LayerMode.Disabled
            ? null
            : $"{OriginGuardOptions.SectionName}:{lost} has nothing left to check with; a layer that is on is not lost by a reload. Set {OriginGuardOptions.SectionName}:{lost}:Mode to Disabled if that is meant.";
    }
}
