using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace OriginGuard.Configuration;

/// <summary>
/// The options that the guard obeys. The first load may stop the start; a later one that does not validate, or that lost something on its way, leaves the old
/// options in force, and one that says the same changes nothing. (<see cref="IOptionsMonitor{TOptions}"/> would throw into whoever reloads the configuration.)
/// </summary>
internal sealed partial class OptionsInForce : IDisposable
{
    private readonly IOptionsFactory<OriginGuardOptions> _factory;
    private readonly OptionsSections _sections;
    private readonly LostSettings _lost;
    private readonly WatchedConfiguration[] _watched;
    private readonly ILogger _logger;
    private readonly List<IDisposable> _subscriptions = [];
    private readonly Lock _reload = new();
    private volatile OriginGuardOptions _current;
    private Func<OriginGuardOptions, Action>? _prepare;
    private volatile string? _refused;

    public OptionsInForce(
        IOptionsFactory<OriginGuardOptions> factory,
        IEnumerable<IOptionsChangeTokenSource<OriginGuardOptions>> sources,
        IEnumerable<WatchedConfiguration> watched,
        OptionsSections sections,
        ILogger<OptionsInForce> logger)
    {
        (_factory, _sections, _lost, _logger) = (factory, sections, new LostSettings(sections), logger);
        _watched = [.. watched];
        IChangeToken[] tokens = [.. sources.Select(static source => source.GetChangeToken())];
        _current = factory.Create(Options.DefaultName);
        foreach (var configuration in _watched)
        {
            configuration.Watch(Reload, TryAgain);
        }

        foreach (var source in sources)
        {
            _subscriptions.Add(ChangeToken.OnChange(source.GetChangeToken, Reload));
        }

        // What changed before anybody listened.
        if (Array.Exists(tokens, static token => token.HasChanged))
        {
            Reload();
        }
    }

    public OriginGuardOptions Current => _current;

    /// <summary>
    /// Prepares for the options in force now, and then for each new set of valid ones; what that returns puts them in force and does not throw. What throws
    /// while it prepares leaves the old ones in force. For one singleton that lives as long as this one.
    /// </summary>
    public void Follow(Func<OriginGuardOptions, Action> prepare)
    {
        lock (_reload)
        {
            prepare(_current)();
            _prepare = prepare;
        }
    }

    /// <summary>Does something while no reload is under way: one that comes in between waits and is not missed.</summary>
    public void BetweenReloads(Action action)
    {
        lock (_reload)
        {
            action();
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
                // The framework empties a file that it cannot read: what is left says nothing about what is meant.
                string[] broken = [.. _watched.SelectMany(static configuration => configuration.Broken)];
                var next = broken.Length == 0 ? _factory.Create(Options.DefaultName) : _current;
                Take(next, broken.Length == 0 ? [.. _lost.Find(_current, next).Select(next.Reading.AsWritten)] : broken);
            }
            catch (OptionsValidationException invalid)
            {
                Refuse([.. invalid.Failures]);
            }
            catch (Exception unexpected)
            {
                if (IsNews([$"{unexpected.GetType()}: {unexpected.Message}"]))
                {
                    Log.ReloadFailed(_logger, unexpected);
                }
            }
        }
    }

    /// <summary>What a refused configuration lacks may have come since, a secret file on a mount of its own for example, and nothing reports that.</summary>
    private void TryAgain()
    {
        if (_refused is not null)
        {
            Reload();
        }
    }

    private void Take(OriginGuardOptions next, string[] mistakes)
    {
        if (mistakes.Length > 0)
        {
            Refuse(mistakes);
            return;
        }

        var changed = _sections.Differences(_current, next);
        if (changed.Count == 0)
        {
            // Something else was reloaded. Which keys are there may have changed all the same.
            (_current, _refused) = (next, null);
            return;
        }

        var publish = _prepare?.Invoke(next);
        (_current, _refused) = (next, null);
        publish?.Invoke();
        Log.OptionsReloaded(_logger, next.Reading.AsWritten(string.Join(", ", changed)));
    }

    private void Refuse(string[] mistakes)
    {
        if (IsNews(mistakes))
        {
            foreach (var mistake in mistakes)
            {
                Log.ReloadRefused(_logger, mistake);
            }
        }
    }

    /// <summary>A store that polls reads the same mistake again and again; whoever writes it again is told again.</summary>
    private bool IsNews(string[] mistakes)
    {
        var before = _refused;
        _refused = string.Join('\n', [.. mistakes, .. _watched.Select(static configuration => $"{configuration.Fingerprint()}")]);
        return _refused != before;
    }
}
