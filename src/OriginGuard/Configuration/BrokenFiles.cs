using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;

namespace OriginGuard.Configuration;

/// <summary>
/// Notices a file that cannot be read any more. The framework forgets what stood in it, says nothing and raises no change; the next change of something else
/// would then be read without it. What the application itself does on such a failure stays as it is.
/// </summary>
internal sealed class BrokenFiles(IConfigurationRoot? root) : IDisposable
{
    private readonly ConcurrentDictionary<FileConfigurationProvider, Breakage> _broken = new();
    private readonly List<(FileConfigurationSource Source, Listener Listener)> _watched = [];
    private Action _changed = static () => { };

    /// <summary>What to say of each file that is broken now, without a word of what stands in it.</summary>
    public IReadOnlyList<string> Sentences
    {
        get
        {
            // A builder that changes its sources makes all of them anew.
            var current = _broken.IsEmpty ? [] : FileProviders.Of(root).ToHashSet();
            return [.. _broken.Where(entry => current.Contains(entry.Key)).Select(static entry => entry.Value.Sentence).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Calls back when a file breaks, and when one is mended.</summary>
    public void Watch(Action changed)
    {
        _changed = changed;
        foreach (var source in FileProviders.Of(root).Select(static provider => provider.Source).Distinct())
        {
            var listener = new Listener(this, source.OnLoadException);
            source.OnLoadException = listener.Hear;
            _watched.Add((source, listener));
        }
    }

    /// <summary>A file is there and cannot be opened. The framework says that to nobody, not even to whoever has asked to be told of failures.</summary>
    public void NoteUnopened(FileConfigurationProvider provider, Exception failure)
    {
        if (_broken.TryAdd(provider, new Breakage(Sentence(provider, $"it cannot be opened: {failure.GetType().Name}")) { IsUnopened = true }))
        {
            _changed();
        }
    }

    /// <summary>A file can be opened. If it could not before, it is as good as any other now.</summary>
    public void NoteOpened(FileConfigurationProvider provider)
    {
        if (_broken.TryGetValue(provider, out var breakage) && breakage.IsUnopened && _broken.TryRemove(new(provider, breakage)))
        {
            _changed();
        }
    }

    public void Dispose()
    {
        foreach (var (source, listener) in _watched)
        {
            listener.Leave();
            if (source.OnLoadException == listener.Hear)
            {
                source.OnLoadException = listener.Before;
            }
        }

        foreach (var breakage in _broken.Values)
        {
            breakage.Waiting?.Dispose();
        }
    }

    private void Note(FileLoadExceptionContext context)
    {
        var breakage = new Breakage(Sentence(context.Provider, Describe(context.Exception, context.Provider)));
        _broken[context.Provider] = breakage;

        // A failure that the application ignores counts as a load, and raises a change at once: the one after it is the good one.
        WaitForLoad(context.Provider, breakage, context.Ignore ? 2 : 1);
        _changed();
    }

    private void WaitForLoad(FileConfigurationProvider provider, Breakage breakage, int loads) =>
        breakage.Waiting = provider.GetReloadToken().RegisterChangeCallback(
            _ =>
            {
                if (loads > 1)
                {
                    WaitForLoad(provider, breakage, loads - 1);
                }
                else if (_broken.TryRemove(new(provider, breakage)))
                {
                    _changed();
                }
            },
            null);

    private static string Sentence(FileConfigurationProvider provider, string cause) => $"The file {PathOf(provider)} cannot be read ({cause}). Mend it.";

    private static string? PathOf(FileConfigurationProvider provider)
    {
        try
        {
            return FileProviders.PathOf(provider) ?? provider.Source.Path;
        }
        catch (Exception)
        {
            // That is why it cannot be opened.
            return provider.Source.Path;
        }
    }

    // Not the message: a parser repeats what it stumbled over, and that may be a secret.
    private static string Describe(Exception exception, FileConfigurationProvider provider)
    {
        var cause = exception;
        while (cause is not JsonException && cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return cause switch
        {
            JsonException { LineNumber: { } line } => $"no JSON in line {line + 1}",
            FileNotFoundException => "it is not there",

            // What the framework's reader of JSON says of a whole document.
            FormatException when provider is JsonConfigurationProvider => "a key stands in it twice, or it is no object",
            _ => cause.GetType().Name,
        };
    }

    private sealed class Breakage(string sentence)
    {
        public string Sentence => sentence;

        /// <summary>Nothing of it was read, so that no load will end this by itself.</summary>
        public bool IsUnopened { get; init; }

        /// <summary>Waits for the load that ends it.</summary>
        public IDisposable? Waiting { get; set; }
    }

    /// <summary>
    /// Stands in a source of the application's, between what it had there and the guard. Where another guard of the process has put its own in front meanwhile, it stays
    /// there for good, and so must not hold what has ended.
    /// </summary>
    private sealed class Listener(BrokenFiles files, Action<FileLoadExceptionContext>? before)
    {
        private volatile BrokenFiles? _files = files;

        public Action<FileLoadExceptionContext>? Before => before;

        public void Hear(FileLoadExceptionContext context)
        {
            before?.Invoke(context);
            _files?.Note(context);
        }

        public void Leave() => _files = null;
    }
}
