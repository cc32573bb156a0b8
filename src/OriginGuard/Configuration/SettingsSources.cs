using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;

namespace OriginGuard.Configuration;

/// <summary>Finds the sources of a configuration. The framework shows their merged view only, in which elements of a longer list of an earlier source stay alive.</summary>
internal static class SettingsSources
{
    /// <summary>What a configuration says, source by source, the one that wins first.</summary>
    /// <param name="configuration">A root, a section, or whatever else an application reads from.</param>
    /// <param name="application">The configuration of the application, to which a section most likely belongs.</param>
    public static SettingsSection Of(IConfiguration configuration, IConfiguration? application)
    {
        List<SettingsSource> sources = [];
        Gather(configuration, application as IConfigurationRoot, "", sources);
        for (var i = 0; i < sources.Count; i++)
        {
            sources[i].Rank = sources.Count - i;
        }

        return new SettingsSection(sources, "");
    }

    private static void Gather(IConfiguration configuration, IConfigurationRoot? application, string prefix, List<SettingsSource> sources)
    {
        if (configuration is IConfigurationSection section && RootOf(section, application) is { } owner)
        {
            (configuration, prefix) = (owner, SettingsSource.Combine(section.Path, prefix));
        }

        if (configuration is not IConfigurationRoot root)
        {
            sources.Add(new SettingsSource(null, configuration, prefix));
            return;
        }

        foreach (var provider in root.Providers.Reverse())
        {
            if (provider is ChainedConfigurationProvider chained)
            {
                Gather(chained.Configuration, application, prefix, sources);
            }
            else
            {
                sources.Add(new SettingsSource(provider, null, prefix));
            }
        }
    }

    /// <summary>The root behind what somebody gave as configuration: itself, that of its section, or the application's. Null where nobody knows.</summary>
    internal static IConfigurationRoot? RootBehind(IConfiguration given, IConfiguration? application)
    {
        var known = application as IConfigurationRoot;
        return given as IConfigurationRoot ?? (given is IConfigurationSection section ? RootOf(section, known) : null) ?? known;
    }

    /// <summary>The root of a section. A section has the change token of its root; of one that is not the application's, only its private field knows.</summary>
    internal static IConfigurationRoot? RootOf(IConfigurationSection section, IConfigurationRoot? application)
    {
        if (application is not null && ReferenceEquals(section.GetReloadToken(), application.GetReloadToken()))
        {
            return application;
        }

        try
        {
            return section is ConfigurationSection known ? RootField(known) : null;
        }
        catch (MissingFieldException)
        {
            return null;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_root")]
    private static extern ref IConfigurationRoot RootField(ConfigurationSection section);
}
