using Microsoft.Extensions.Configuration;

namespace OriginGuard.Configuration;

/// <summary>The files among the sources of a configuration.</summary>
internal static class FileProviders
{
    /// <summary>All of them, those of configurations inside the configuration too.</summary>
    public static IEnumerable<FileConfigurationProvider> Of(IConfigurationRoot? root) => (root?.Providers ?? []).SelectMany(static provider => provider switch
    {
        FileConfigurationProvider file => [file],
        ChainedConfigurationProvider { Configuration: IConfigurationRoot inner } => Of(inner),
        ChainedConfigurationProvider { Configuration: IConfigurationSection section } => Of(SettingsSources.RootOf(section, null)),
        _ => [],
    });

    /// <summary>Where the file lies, or null when it lies on no disk.</summary>
    public static string? PathOf(FileConfigurationProvider provider) =>
        provider.Source is { Path: { } path, FileProvider: { } files } ? files.GetFileInfo(path).PhysicalPath : null;
}
