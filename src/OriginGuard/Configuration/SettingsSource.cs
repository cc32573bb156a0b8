using Microsoft.Extensions.Configuration;

namespace OriginGuard.Configuration;

/// <summary>What one source of a configuration says, whatever the sources before and behind it say.</summary>
/// <param name="provider">The source, or null where only the whole of several is known.</param>
/// <param name="whole">The whole of several sources, where they cannot be told apart.</param>
/// <param name="prefix">The path in the source at which what is read begins.</param>
internal sealed class SettingsSource(IConfigurationProvider? provider, IConfiguration? whole, string prefix)
{
    /// <summary>Whether this may be several sources, whose lists the framework has merged element by element.</summary>
    public bool IsMerged => provider is null;

    /// <summary>The place among the sources, from 1 on; the highest wins.</summary>
    public int Rank { get; set; }

    public static string Combine(string path, string name) => path.Length == 0 ? name : name.Length == 0 ? path : ConfigurationPath.Combine(path, name);

    public bool TryGet(string path, out string? value)
    {
        var full = Combine(prefix, path);
        if (provider is not null)
        {
            return provider.TryGet(full, out value);
        }

        value = full.Length > 0 ? whole![full] : null;
        return value is not null;
    }

    public IEnumerable<string> ChildKeys(string path)
    {
        var full = Combine(prefix, path);
        return provider is not null ? provider.GetChildKeys([], full.Length > 0 ? full : null)
            : (full.Length > 0 ? whole!.GetSection(full) : whole!).GetChildren().Select(static child => child.Key);
    }
}
