using Microsoft.Extensions.Configuration;

namespace OriginGuard.Configuration;

/// <summary>What the guard has to know of the sources of its configuration beside their values.</summary>
internal sealed class WatchedConfiguration : IDisposable
{
    private readonly IConfiguration _configuration;
    private readonly BrokenFiles _broken;
    private readonly PolledFiles _polled;

    public WatchedConfiguration(IConfiguration configuration, IConfigurationRoot? root, TimeProvider time)
    {
        _configuration = configuration;
        _broken = new BrokenFiles(root);
        _polled = new PolledFiles(root, _broken, time);
    }

    /// <summary>A sentence for each file that cannot be read at the moment.</summary>
    public IReadOnlyList<string> Broken => _broken.Sentences;

    /// <summary>Begins to watch. Other changes raise the change tokens of the configuration.</summary>
    /// <param name="changed">Called when a file breaks or is mended.</param>
    /// <param name="turned">Called every few seconds, where there are files that are read again on a change.</param>
    public void Watch(Action changed, Action turned)
    {
        _broken.Watch(changed);
        _polled.Watch(turned);
    }

    /// <summary>Whether the section was written anew since: the number alone says nothing of what stands in it.</summary>
    public int Fingerprint()
    {
        HashCode hash = default;
        try
        {
            foreach (var (key, value) in OptionsReader.SectionOf(_configuration).AsEnumerable())
            {
                hash.Add(key, StringComparer.OrdinalIgnoreCase);
                hash.Add(value, StringComparer.Ordinal);
            }
        }
        catch (Exception)
        {
            // A source of the application's own may throw here what it has thrown at whoever tells of it now.
        }

        return hash.ToHashCode();
    }

    public void Dispose()
    {
        _broken.Dispose();
        _polled.Dispose();
    }
}
