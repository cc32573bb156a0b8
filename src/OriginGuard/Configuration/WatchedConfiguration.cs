using Microsoft.Extensions.Configuration;

namespace OriginGuard.Configuration;

/// <summary>What the guard has to know of the sources of its configuration beside their values.</summary>
internal sealed class WatchedConfiguration(IConfiguration configuration, IConfigurationRoot? root, TimeProvider time) : IDisposable
{
    private readonly BrokenFiles _broken = new(root);
    private readonly LinkedFiles _linked = new(root, time);

    /// <summary>A sentence for each file that cannot be read at the moment.</summary>
    public IReadOnlyList<string> Broken => _broken.Sentences;

    /// <summary>Calls back when a file breaks or is mended. Other changes raise the change tokens of the configuration.</summary>
    public void Watch(Action changed)
    {
        _broken.Watch(changed);
        _linked.Watch();
    }

    /// <summary>Whether the section was written anew since: the number alone says nothing of what stands in it.</summary>
    public int Fingerprint()
    {
        HashCode hash = default;
        foreach (var (key, value) in OptionsReader.SectionOf(configuration).AsEnumerable())
        {
            hash.Add(key, StringComparer.OrdinalIgnoreCase);
            hash.Add(value, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    public void Dispose()
    {
        _broken.Dispose();
        _linked.Dispose();
    }
}
