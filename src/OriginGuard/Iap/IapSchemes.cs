using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OriginGuard.Surroundings;

namespace OriginGuard.Iap;

/// <summary>
/// Owns the options of the authentication schemes: a mistake ends the start, a reload with a mistake changes nothing. It makes the options
/// itself instead of asking the monitor, which would throw a mistaken reload into whoever changed the configuration.
/// </summary>
internal sealed partial class IapSchemes : HostLifetimeService, IDisposable
{
    private readonly Lock _reload = new();
    private readonly ConcurrentDictionary<string, IapVerifier> _verifiers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IapOptions> _inForce = new(StringComparer.Ordinal);
    private readonly string[] _names;
    private readonly IOptionsFactory<IapOptions> _options;
    private readonly IapKeySources _keys;
    private readonly TimeProvider _time;
    private readonly ILogger<IapVerifier> _verifierLogger;
    private readonly ILogger _logger;
    private readonly IapSource[] _sources;
    private readonly IDisposable[] _changes;
    private readonly bool _isBuildTime;
    private readonly ConcurrentDictionary<string, bool> _warned = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _refused = new(StringComparer.Ordinal);
    private readonly bool _isDevelopment;

    public IapSchemes(
        IEnumerable<IapScheme> schemes,
        IOptionsFactory<IapOptions> options,
        IEnumerable<IOptionsChangeTokenSource<IapOptions>> changes,
        IEnumerable<IapSource> sources,
        IapKeySources keys,
        BuildTimeHost buildTime,
        TimeProvider time,
        ILogger<IapSchemes> logger,
        ILogger<IapVerifier> verifierLogger,
        IHostEnvironment? environment = null)
    {
        _isDevelopment = environment?.IsDevelopment() is true;
        (_options, _keys, _time, _logger, _verifierLogger) = (options, keys, time, logger, verifierLogger);
        _isBuildTime = buildTime.IsOne;
        _names = [.. schemes.Select(scheme => scheme.Name)];
        _sources = [.. sources];
        foreach (var source in _sources)
        {
            source.Watch(Reload);
        }

        _changes = [.. changes.Select(source => ChangeToken.OnChange(source.GetChangeToken, Reload))];
    }

    /// <summary>The verifier of a scheme, or null when the scheme is not one of these.</summary>
    /// <exception cref="OptionsValidationException">The options of the scheme have a mistake.</exception>
    public IapVerifier? Find(string? name)
    {
        if (name is null || !_names.Contains(name, StringComparer.Ordinal))
        {
            return null;
        }

        if (_verifiers.TryGetValue(name, out var verifier))
        {
            return verifier;
        }

        lock (_reload) // a reload that comes between the reading and the verifier would find nobody to tell
        {
            if (!_verifiers.TryGetValue(name, out verifier))
            {
                verifier = new IapVerifier(_keys, _time, _verifierLogger);
                Apply(name, verifier, Create(name));
                _verifiers[name] = verifier;
            }

            return verifier;
        }
    }

    public void Dispose()
    {
        foreach (var change in _changes)
        {
            change.Dispose();
        }
    }

    protected override Task BeginAsync(CancellationToken cancellationToken)
    {
        if (_isBuildTime)
        {
            return Task.CompletedTask; // nobody signs in to a document
        }

        foreach (var name in _names)
        {
            _ = Find(name);
        }

        return _keys.WaitForFirstLoadAsync(cancellationToken);
    }

    protected override Task EndAsync(CancellationToken cancellationToken)
    {
        _keys.Stop();
        return Task.CompletedTask;
    }

    private void Reload()
    {
        lock (_reload) // one after the other, or an older reading could end up in force
        {
            foreach (var (name, verifier) in _verifiers)
            {
                string[] broken = [.. _sources.Where(source => source.Scheme == name).SelectMany(static source => source.Broken)];
                if (broken.Length > 0)
                {
                    Refuse(name, broken);
                    continue;
                }

                try
                {
                    Take(name, verifier, Create(name));
                }
                catch (Exception error)
                {
                    // A mistake of the rules, or of the binder that met no number where it needed one. Its message names the setting.
                    Refuse(name, [error.Message]);
                }
            }
        }
    }

    private void Take(string name, IapVerifier verifier, IapOptions next)
    {
        var lost = _inForce.TryGetValue(name, out var current) ? IapSection.Lost(next.Section ?? name, current, next).ToArray() : [];
        if (lost.Length > 0)
        {
            Refuse(name, lost);
            return;
        }

        _refused.Remove(name);
        Apply(name, verifier, next);
    }

    /// <summary>Once for the same mistakes: a store that polls reads them again and again.</summary>
    private void Refuse(string name, string[] reasons)
    {
        var told = string.Join('\n', reasons);
        if (_refused.GetValueOrDefault(name) == told)
        {
            return;
        }

        _refused[name] = told;
        foreach (var reason in reasons)
        {
            Log.ReloadRefused(_logger, name, reason);
        }
    }

    private void Apply(string name, IapVerifier verifier, IapOptions options)
    {
        verifier.Apply(options);
        _inForce[name] = options;
        foreach (var weakness in WeakIap.Find(options, options.Section ?? name, options.Reading, _isDevelopment))
        {
            if (_warned.TryAdd(weakness, true))
            {
                Log.WeakScheme(_logger, weakness);
            }
        }
    }

    private IapOptions Create(string name)
    {
        var options = _options.Create(name);
        var key = options.Section ?? name;
        List<string> errors = [.. options.Reading.Mistakes];
        IapOptionsRules.Validate(options, key, errors, options.Reading);
        if (errors.Count == 0 && !options.IsConfigured)
        {
            errors.Add(
                $"{key}:Audiences is empty and {key}:ProjectNumber is not set; the scheme needs one of them. "
                + IapOptionsRules.WhereToFindTheAudience);
        }

        return errors.Count == 0 ? options : throw new OptionsValidationException(name, typeof(IapOptions), errors);
    }
}
