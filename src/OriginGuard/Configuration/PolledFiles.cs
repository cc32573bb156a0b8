using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace OriginGuard.Configuration;

/// <summary>
/// Looks every few seconds, as at secret files, at the files that the application has asked to be read again on a change, for what the framework's watcher does not see
/// or does not say: a mounted ConfigMap is changed by turning a link, and a file that cannot be opened is passed over in silence.
/// </summary>
internal sealed class PolledFiles(IConfigurationRoot? root, BrokenFiles broken, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    private readonly List<Seen> _files = [];
    private Action? _changed;
    private Action? _turned;
    private ITimer? _timer;
    private int _isPolling;

    /// <summary>Begins to look.</summary>
    /// <param name="changed">Called when a file cannot be opened any more, and when it can again.</param>
    /// <param name="turned">Called after each turn.</param>
    public void Watch(Action changed, Action turned)
    {
        (_changed, _turned) = (changed, turned);
        foreach (var provider in FileProviders.Of(root).Where(static provider => provider.Source.ReloadOnChange))
        {
            if (FileProviders.PathOf(provider) is { } path)
            {
                // What a linked one holds now may be newer than what the application has read of it: the first turn reads it once more.
                _files.Add(new Seen(provider, path));
            }
        }

        if (_files.Count > 0)
        {
            _timer = time.CreateTimer(static state => ((PolledFiles)state!).Poll(), this, PollInterval, PollInterval);
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Poll()
    {
        // A mount that hangs holds one thread, and the next turns pass it by.
        if (Interlocked.Exchange(ref _isPolling, 1) == 1)
        {
            return;
        }

        try
        {
            foreach (var file in _files)
            {
                Look(file);
            }

            _turned!(); // set before the timer
        }
        finally
        {
            Volatile.Write(ref _isPolling, 0);
        }
    }

    private void Look(Seen file)
    {
        // What is no link and has not changed costs a look at its date and no more.
        var stamp = StampOf(file.Path);
        if (stamp == file.Stamp && !file.IsLinked && !file.IsUnopened)
        {
            return;
        }

        (file.Stamp, file.IsLinked) = (stamp, IsLinked(file.Path));
        var (content, failure) = Read(file.Provider);
        file.IsUnopened = failure is not null;
        if (failure is not null)
        {
            file.Content = null;
            broken.NoteUnopened(file.Provider, failure, _changed!);
            return;
        }

        // A plain file is the framework's own to watch, but for what it may have missed while it could not be opened. What is away and comes back is read again, also if
        // it is the same: the application may have lost its settings meanwhile.
        var isOpenAgain = broken.NoteOpened(file.Provider);
        file.Content = content is not null && (Holds(file, content) || !(isOpenAgain || file.IsLinked) || TryLoad(file.Provider)) ? content : null;
        if (isOpenAgain)
        {
            _changed!();
        }
    }

    private static bool Holds(Seen file, byte[] content) => content.AsSpan().SequenceEqual(file.Content);

    /// <summary>False when it could not be opened: it is tried again at the next turn.</summary>
    private static bool TryLoad(FileConfigurationProvider provider)
    {
        try
        {
            provider.Load();
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
        catch (Exception)
        {
            // What cannot be parsed has been noted on the way. And whatever else hangs on the configuration is told of the change before this returns, and may throw what
            // it likes: options of the application's own that do not validate must not end the process.
            return true;
        }
    }

    private static bool IsLinked(string path)
    {
        try
        {
            for (var part = path; part is not null; part = Path.GetDirectoryName(part))
            {
                if (new FileInfo(part).LinkTarget is not null)
                {
                    return true;
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Then it is watched by the framework alone.
        }

        return false;
    }

    /// <summary>The mark of what stands in a file, by the path by which the framework opens it, or why it cannot be opened. Neither for one that is not there.</summary>
    private static (byte[]? Content, Exception? Failure) Read(FileConfigurationProvider provider)
    {
        try
        {
            if (FileProviders.PathOf(provider) is not { } path)
            {
                return (null, null);
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return (SHA256.HashData(file), null);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return (null, failure);
        }
    }

    private static (DateTime WrittenAt, long Length)? StampOf(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed class Seen(FileConfigurationProvider provider, string path)
    {
        public FileConfigurationProvider Provider => provider;

        public string Path => path;

        public (DateTime WrittenAt, long Length)? Stamp { get; set; }

        public bool IsLinked { get; set; }

        public bool IsUnopened { get; set; }

        public byte[]? Content { get; set; }
    }
}
