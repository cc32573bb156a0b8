using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace OriginGuard.Configuration;

/// <summary>
/// Reads a file again that is reached over a link and holds something else than before. A mounted ConfigMap is changed by turning a link, which the framework's
/// watcher does not see; such a file is looked at every few seconds, as secret files are, where the application has asked for a reload on change.
/// </summary>
internal sealed class LinkedFiles(IConfigurationRoot? root, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    private readonly List<Seen> _files = [];
    private ITimer? _timer;
    private int _isPolling;

    public void Watch()
    {
        foreach (var provider in FileProviders.Of(root).Where(static provider => provider.Source.ReloadOnChange))
        {
            if (FileProviders.PathOf(provider) is { } path && IsLinked(path))
            {
                // What it holds now may be newer than what the application has read of it: the first turn reads it once more.
                _files.Add(new Seen(provider, path));
            }
        }

        if (_files.Count > 0)
        {
            _timer = time.CreateTimer(static state => ((LinkedFiles)state!).Poll(), this, PollInterval, PollInterval);
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
                // What is away and comes back is read again, also if it is the same: the application may have lost its settings meanwhile.
                var content = Read(file.Path);
                file.Content = content is not null && (content.AsSpan().SequenceEqual(file.Content) || TryLoad(file.Provider)) ? content : null;
            }
        }
        finally
        {
            Volatile.Write(ref _isPolling, 0);
        }
    }

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

    private static byte[]? Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return SHA256.HashData(file);
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

        public byte[]? Content { get; set; }
    }
}
