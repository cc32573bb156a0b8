using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace OriginGuard.Tests.Configuration;

/// <summary>Files of a folder that the framework cannot open while the test says so. Whoever opens them by their path can.</summary>
internal sealed class ReluctantFiles(string folder) : IFileProvider, IDisposable
{
    private readonly PhysicalFileProvider _files = new(folder);
    private ConfigurationReloadToken _token = new();

    public bool IsReluctant { get; set; }

    public Exception Failure { get; set; } = new IOException("Too many open files");

    /// <summary>How often a file can still be opened before it cannot.</summary>
    public int Patience { get; set; } = int.MaxValue;

    /// <summary>Whether the files lie on no disk now.</summary>
    public bool IsNowhere { get; set; }

    /// <summary>Runs before a file is opened.</summary>
    public Action Opening { get; set; } = static () => { };

    public IFileInfo GetFileInfo(string subpath) => new ReluctantFile(_files.GetFileInfo(subpath), this);

    public IDirectoryContents GetDirectoryContents(string subpath) => _files.GetDirectoryContents(subpath);

    public IChangeToken Watch(string filter) => _token;

    /// <summary>Says that the file has changed. What cannot be opened then is passed over in silence, as in the framework's watcher.</summary>
    public void Report()
    {
        try
        {
            Interlocked.Exchange(ref _token, new ConfigurationReloadToken()).OnReload();
        }
        catch (AggregateException unreadable) when (unreadable.Flatten().InnerException is IOException or InvalidDataException)
        {
            // Nobody hears of it.
        }
    }

    public void Dispose() => _files.Dispose();

    private sealed class ReluctantFile(IFileInfo file, ReluctantFiles files) : IFileInfo
    {
        public bool Exists => file.Exists;

        public bool IsDirectory => file.IsDirectory;

        public DateTimeOffset LastModified => file.LastModified;

        public long Length => file.Length;

        public string Name => file.Name;

        // The framework opens a file by this.
        public string? PhysicalPath
        {
            get
            {
                files.Opening();
                return files.IsReluctant || files.Patience-- <= 0 ? throw files.Failure : files.IsNowhere ? null : file.PhysicalPath;
            }
        }

        public Stream CreateReadStream() => file.CreateReadStream();
    }
}
