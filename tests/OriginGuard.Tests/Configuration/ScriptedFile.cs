using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace OriginGuard.Tests.Configuration;

/// <summary>A file on no disk, whose changes the framework's configuration notices when the test says so.</summary>
internal sealed class ScriptedFile(string? content) : IFileProvider, IFileInfo
{
    private ConfigurationReloadToken _token = new();

    public string Name => "guard.json";

    public string? PhysicalPath => null;

    public bool Exists => content is not null;

    public bool IsDirectory => false;

    public DateTimeOffset LastModified => default;

    public long Length => content?.Length ?? -1;

    /// <summary>Writes the file, or deletes it.</summary>
    public void Become(string? next)
    {
        content = next;
        try
        {
            Interlocked.Exchange(ref _token, new ConfigurationReloadToken()).OnReload();
        }
        catch (AggregateException unreadable) when (unreadable.Flatten().InnerException is InvalidDataException)
        {
            // As in the framework's watcher: nobody hears of it.
        }
    }

    public Stream CreateReadStream() => new MemoryStream(Encoding.UTF8.GetBytes(content!)); // only asked when it exists

    public IFileInfo GetFileInfo(string subpath) => this;

    public IDirectoryContents GetDirectoryContents(string subpath) => NotFoundDirectoryContents.Singleton;

    public IChangeToken Watch(string filter) => _token;
}
