using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OriginGuard.Configuration;

namespace OriginGuard.Iap;

/// <summary>Fills the options of an authentication scheme from the section that the guard reads too, and as strictly.</summary>
/// <param name="scheme">The name of the scheme.</param>
/// <param name="configuration">The section itself, or a root that has <c>OriginGuard:Iap</c>.</param>
/// <param name="application">The configuration of the application.</param>
internal sealed class IapOptionsReader(string scheme, IConfiguration configuration, IConfiguration? application) : IConfigureNamedOptions<IapOptions>
{
    private const string Named = $"{OriginGuardOptions.SectionName}:Iap";

    public void Configure(IapOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, IapOptions options)
    {
        if (!string.Equals(name, scheme, StringComparison.Ordinal))
        {
            return;
        }

        var given = SettingsSources.Of(configuration, application);
        var named = given.Section(Named);
        var isItself = configuration is IConfigurationSection && !named.Exists;
        options.Section = isItself ? ((IConfigurationSection)configuration).Path : Named;
        var section = new SectionReader(isItself ? given : named, options.Section, options.Reading);
        IapSection.Read(section, options);
        section.RefuseUnknownKeys();
    }
}
