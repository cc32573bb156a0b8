using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using OriginGuard.Surroundings;

namespace OriginGuard.Configuration;

/// <summary>
/// Looks every few seconds, as at secret files, at the files that the application has asked to be read again on a change, for what the framework's watcher does not see
/// or does not say: a mounted ConfigMap is changed by turning a link, a network file system reports nothing, and a file that cannot be opened is passed over in silence.
/// </summary>
internal sealed class PolledFiles(IConfigurationRoot? root, BrokenFiles broken, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    private readonly List<Seen> _files = [];
    private Action? _turned;
    private ITimer? _timer;
    private int _isPolling;

    /// <summary>Begins to look, and calls back after each turn.</summary>
    public void Watch(Action turned)
    {
        _turned = turned;
        foreach (var provider in FileProviders.Of(root).Where(static provider => provider.Source.ReloadOnChange))
        {
            if (Begin(provider) is { } file)
            {
                _files.Add(file);
            }
        }

        if (_files.Count > 0)
        {
            _timer = Detached.CreateTimer(time, static state => ((PolledFiles)state!).Poll(), this, PollInterval, PollInterval);
        }
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>Null where the file lies on no disk.</summary>
    private static Seen? Begin(FileConfigurationProvider provider)
    {
        try
        {
            if (FileProviders.PathOf(provider) is not { } path)
            {
                return null;
            }

            // What a linked one holds now may be newer than what the application has read of it: the first turn reads it once more.
            var isLinked = IsLinked(path);
            return new Seen(provider) { Path = path, IsLinked = isLinked, Stamp = isLinked ? null : StampOf(path), Content = isLinked ? null : Read(provider).Content };
        }
        catch (Exception)
        {
            // A provider of the application's own may throw what it likes. The first turn looks again, and says so if it does.
            return new Seen(provider) { IsDue = true };
        }
    }

    private void Poll()
    {
        // A mount that hangs holds one thread, and the next turns pass it by: what lies behind it in the list waits with it.
        if (Interlocked.Exchange(ref _isPolling, 1) == 1)
        {
            return;
        }

        try
        {
            foreach (var file in _files)
            {
                Try(() => Look(file));
            }

            Try(_turned!); // set before the timer
        }
        finally
        {
            Volatile.Write(ref _isPolling, 0);
        }
    }

    /// <summary>Files and configurations of the application's own may throw what they like, and out of a timer that would end the process: the next turn tries again.</summary>
    private static void Try(Action step)
    {
        try
        {
            step();
        }
        catch (Exception)
        {
            // Nobody is waiting for it, and what was in force stays in force.
        }
    }

    private void Look(Seen file)
    {
        // What is no link and has not changed costs a look at its date and no more.
        var stamp = file.Path is null ? null : StampOf(file.Path);
        if (stamp == file.Stamp && file is { IsLinked: false, IsDue: false })
        {
            return;
        }

        var (content, failure) = Read(file.Provider);
        file.Stamp = stamp;
        if (failure is not null)
        {
            (file.Content, file.IsDue) = (null, true);
            broken.NoteUnopened(file.Provider, failure);
            return;
        }

        file.Path ??= FileProviders.PathOf(file.Provider);
        file.IsLinked = file.Path is not null && IsLinked(file.Path);
        broken.NoteOpened(file.Provider);
        if (content is null || Holds(file, content))
        {
            // The framework sees it go. What comes back is read again, also if it is the same: the application may have lost its settings meanwhile.
            (file.Content, file.IsDue) = (content, false);
        }
        else
        {
            Take(file, content);
        }

        file.Loaded = file.Provider.GetReloadToken();
    }

    /// <summary>
    /// A link is read at once, since nothing reports it. A plain file is the framework's own to read; one that it has not read by the next turn is read here: it could not
    /// be opened at the moment, or lies where no change is reported.
    /// </summary>
    private static void Take(Seen file, byte[] content)
    {
        if (!file.IsLinked && file.Loaded.HasChanged)
        {
            (file.Content, file.IsDue) = (content, false);
        }
        else if (file.IsLinked || file.IsDue)
        {
            var isRead = TryLoad(file.Provider);
            (file.Content, file.IsDue) = (isRead ? content : null, !isRead);
        }
        else
        {
            file.IsDue = true;
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
        for (var part = path; part is not null; part = Path.GetDirectoryName(part))
        {
            if (new FileInfo(part).LinkTarget is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The mark of what stands in a file, by the path by which the framework opens it, or why it cannot be opened. Neither for one that is not there, and for one without a
    /// length: that is a pipe, or holds nothing. Opening a pipe would wait for a writer that may never come.
    /// </summary>
    private static (byte[]? Content, Exception? Failure) Read(FileConfigurationProvider provider)
    {
        try
        {
            if (FileProviders.PathOf(provider) is not { } path || IsEmpty(path))
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
        catch (Exception failure)
        {
            // A provider of the application's own may say it in its own way.
            return (null, failure);
        }
    }

    /// <summary>What a link leads to counts: one of /dev/fd leads to what has no name.</summary>
    private static bool IsEmpty(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true) is FileInfo target
        ? target is { Exists: false } or { Length: 0 }
        : new FileInfo(path) is { Exists: true, Length: 0 };

    private static (DateTime WrittenAt, long Length)? StampOf(string path) =>
        new FileInfo(path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : null;

    private sealed class Seen(FileConfigurationProvider provider)
    {
        public FileConfigurationProvider Provider => provider;

        /// <summary>Null while nobody could tell where it lies.</summary>
        public string? Path { get; set; }

        public (DateTime WrittenAt, long Length)? Stamp { get; set; }

        public bool IsLinked { get; set; }

        /// <summary>It is to be read here, if nobody has read it since.</summary>
        public bool IsDue { get; set; }

        /// <summary>Has changed when somebody has read it since the last look.</summary>
        public IChangeToken Loaded { get; set; } = provider.GetReloadToken();

        public byte[]? Content { get; set; }
    }
}
