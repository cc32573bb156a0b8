namespace OriginGuard.Configuration;

/// <summary>All sections of the options, in the order of the documentation.</summary>
internal sealed class OptionsSections(IEnumerable<OptionsSection> sections)
{
    private const string Root = OriginGuardOptions.SectionName;

    public OptionsSection[] All { get; } = [.. sections];

    /// <summary>The names below <c>OriginGuard</c>.</summary>
    public IEnumerable<string> Names => [nameof(OriginGuardOptions.Mode), nameof(OriginGuardOptions.Platform), .. All.Select(static section => section.Name)];

    public void Read(ISettings settings, OriginGuardOptions options)
    {
        options.Mode = settings.Enumeration(nameof(options.Mode), options.Mode);
        options.Platform = settings.Enumeration(nameof(options.Platform), options.Platform);
        foreach (var section in All)
        {
            section.Read(settings, options);
        }
    }

    /// <summary>The section that a full name belongs to, and the rest of the name; null for what stands above all sections.</summary>
    public (OptionsSection Section, string Name)? Find(string key)
    {
        foreach (var section in All)
        {
            var full = $"{Root}:{section.Name}";
            if (key == full || key.StartsWith($"{full}:", StringComparison.Ordinal))
            {
                return (section, key[Math.Min(full.Length + 1, key.Length)..]);
            }
        }

        return null;
    }

    /// <summary>The names of the settings that differ, never their values.</summary>
    public IReadOnlyList<string> Differences(OriginGuardOptions left, OriginGuardOptions right) =>
        [.. Values(left).Zip(Values(right)).Where(static pair => pair.First.Value != pair.Second.Value).Select(static pair => pair.First.Key)];

    /// <summary>All settings with comparable values, always in the same order.</summary>
    public IReadOnlyList<(string Key, string? Value)> Values(OriginGuardOptions options)
    {
        var list = new SettingsList(Root);
        Read(list, options);
        return list.Settings;
    }
}
