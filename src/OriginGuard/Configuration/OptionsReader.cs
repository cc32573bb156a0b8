using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OriginGuard.Settings;

namespace OriginGuard.Configuration;

/// <summary>Fills <see cref="OriginGuardOptions"/> from configuration, section by section.</summary>
internal sealed class OptionsReader(IConfiguration configuration, IConfiguration? application, OptionsSections sections) : IConfigureOptions<OriginGuardOptions>
{
    public void Configure(OriginGuardOptions options)
    {
        var settings = SectionOf(SettingsSources.Of(configuration, application));
        options.Reading.BeginReader();
        options.Reading.Section = SettingsSource.Combine((configuration as IConfigurationSection)?.Path ?? "", settings.Path);
        if (!settings.Exists)
        {
            NoteMissing(settings, options.Reading);
        }

        var section = new SectionReader(settings, OriginGuardOptions.SectionName, options.Reading);
        sections.Read(section, options);
        section.RefuseUnknownKeys();
    }

    /// <summary>The section itself, or the root that has it: a root without it configures nothing.</summary>
    public static IConfigurationSection SectionOf(IConfiguration configuration) =>
        configuration.GetSection(OriginGuardOptions.SectionName) is var inner && configuration is IConfigurationSection section && IsMeant(section, inner.Exists()) ? section : inner;

    private SettingsSection SectionOf(SettingsSection given) =>
        given.Section(OriginGuardOptions.SectionName) is var inner && configuration is IConfigurationSection section && IsMeant(section, inner.Exists) ? given : inner;

    /// <summary>Whether a section is the one that is meant: by its name, since another one in it would take the place of all that it says, or because it has none in it.</summary>
    private static bool IsMeant(IConfigurationSection section, bool hasInner) =>
        !hasInner || string.Equals(section.Key, OriginGuardOptions.SectionName, StringComparison.OrdinalIgnoreCase);

    private void NoteMissing(SettingsSection settings, ReadingNotes notes)
    {
        if (configuration is IConfigurationSection section)
        {
            notes.NothingRead = $"The section {section.Path} that AddOriginGuard was given is not in the configuration: the guard has its defaults. Give it the section that configures the guard.";
            return;
        }

        var meant = Likeness.Find(OriginGuardOptions.SectionName, configuration.GetChildren().Select(static child => child.Key));
        notes.HasLookAlike = meant is not null;
        notes.NothingRead = meant is null
            ? $"The configuration has no section {settings.Path}: the guard has its defaults. Add one, or configure the guard in code."
            : $"The configuration has no section {settings.Path}, and a section {meant} that looks like it and is not read. Correct its name.";
    }
}
