using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OriginGuard.Settings;

namespace OriginGuard.Configuration;

/// <summary>Fills <see cref="OriginGuardOptions"/> from configuration: one line per key of the documentation.</summary>
internal sealed class OptionsReader(IConfiguration configuration, IConfiguration? application) : IConfigureOptions<OriginGuardOptions>
{
    public void Configure(OriginGuardOptions options)
    {
        var settings = SectionOf(SettingsSources.Of(configuration, application), isSection: configuration is IConfigurationSection);
        options.Reading.BeginReader();
        if (!settings.Exists)
        {
            NoteMissing(settings, options.Reading);
        }

        var section = new SectionReader(settings, OriginGuardOptions.SectionName, options.Reading);
        options.Mode = section.Enumeration(nameof(options.Mode), options.Mode);
        options.Platform = section.Enumeration(nameof(options.Platform), options.Platform);
        Read(section.Section(nameof(options.SourceAddress)), options.SourceAddress);
        Read(section.Section(nameof(options.Dns)), options.Dns);
        Read(section.Section(nameof(options.SharedSecret), isSecret: true), options.SharedSecret);
        Read(section.Section(nameof(options.Iap)), options.Iap);
        Read(section.Section(nameof(options.ClientAddress)), options.ClientAddress);
        options.Exemptions = section.Objects(nameof(options.Exemptions), options.Exemptions, ReadExemption);
        Read(section.Section(nameof(options.Rejection)), options.Rejection);
        section.RefuseUnknownKeys();
    }

    /// <summary>The section itself, or the root that has it: a root without it configures nothing.</summary>
    public static IConfigurationSection SectionOf(IConfiguration configuration) =>
        configuration is IConfigurationSection section && !section.GetSection(OriginGuardOptions.SectionName).Exists()
            ? section
            : configuration.GetSection(OriginGuardOptions.SectionName);

    internal static void Read(SectionReader section, IapOptions options)
    {
        options.Mode = section.Enumeration(nameof(options.Mode), options.Mode);
        options.Audiences = section.Texts(nameof(options.Audiences), options.Audiences);
        options.ProjectNumber = section.String(nameof(options.ProjectNumber), options.ProjectNumber);
        options.KeysUri = section.Address(nameof(options.KeysUri), options.KeysUri)!;
        options.ClockSkew = section.Duration(nameof(options.ClockSkew), options.ClockSkew);
        options.MaxTokenLifetime = section.Duration(nameof(options.MaxTokenLifetime), options.MaxTokenLifetime);
        options.AllowAnonymous = section.Boolean(nameof(options.AllowAnonymous), options.AllowAnonymous);
        options.AllowPreflight = section.OptionalBoolean(nameof(options.AllowPreflight), options.AllowPreflight);
        section.RefuseUnknownKeys();
    }

    private static void Read(SectionReader section, SourceAddressOptions options)
    {
        options.Mode = section.Enumeration(nameof(options.Mode), options.Mode);
        options.From = section.OptionalEnumeration(nameof(options.From), options.From);
        options.ForwardedForPosition = section.Integer(nameof(options.ForwardedForPosition), options.ForwardedForPosition);
        options.RecordNames = section.Texts(nameof(options.RecordNames), options.RecordNames!);
        options.Networks = section.Networks(nameof(options.Networks), options.Networks!);
        options.AllowNonPublicNetworks = section.Boolean(nameof(options.AllowNonPublicNetworks), options.AllowNonPublicNetworks);
        options.MinPrefixLengthV4 = section.Integer(nameof(options.MinPrefixLengthV4), options.MinPrefixLengthV4);
        options.MinPrefixLengthV6 = section.Integer(nameof(options.MinPrefixLengthV6), options.MinPrefixLengthV6);
        options.MinRefreshInterval = section.Duration(nameof(options.MinRefreshInterval), options.MinRefreshInterval);
        options.MaxRefreshInterval = section.Duration(nameof(options.MaxRefreshInterval), options.MaxRefreshInterval);
        options.MaxAge = section.Duration(nameof(options.MaxAge), options.MaxAge);
        options.SnapshotPath = section.String(nameof(options.SnapshotPath), options.SnapshotPath);
        options.UseBuiltInRanges = section.Boolean(nameof(options.UseBuiltInRanges), options.UseBuiltInRanges);
        section.RefuseUnknownKeys();
    }

    private static void Read(SectionReader section, DnsOptions options)
    {
        options.Servers = section.Texts(nameof(options.Servers), options.Servers);
        options.HttpsEndpoint = section.Address(nameof(options.HttpsEndpoint), options.HttpsEndpoint);
        options.Timeout = section.Duration(nameof(options.Timeout), options.Timeout);
        options.Attempts = section.Integer(nameof(options.Attempts), options.Attempts);
        section.RefuseUnknownKeys();
    }

    private static void Read(SectionReader section, SharedSecretOptions options)
    {
        options.Mode = section.Enumeration(nameof(options.Mode), options.Mode);
        options.HeaderName = section.String(nameof(options.HeaderName), options.HeaderName)!;
        options.Secrets = section.Texts(nameof(options.Secrets), options.Secrets);
        options.SecretFiles = section.Texts(nameof(options.SecretFiles), options.SecretFiles);
        options.RemoveHeader = section.Boolean(nameof(options.RemoveHeader), options.RemoveHeader);
        section.RefuseUnknownKeys();
    }

    private static void Read(SectionReader section, ClientAddressOptions options)
    {
        options.Restore = section.Boolean(nameof(options.Restore), options.Restore);
        options.Position = section.OptionalInteger(nameof(options.Position), options.Position);
        section.RefuseUnknownKeys();
    }

    private static ExemptionOptions ReadExemption(SectionReader section)
    {
        var options = new ExemptionOptions();
        options.Path = section.String(nameof(options.Path), options.Path)!;
        options.Networks = section.Networks(nameof(options.Networks), options.Networks);
        section.RefuseUnknownKeys();
        return options;
    }

    private static void Read(SectionReader section, RejectionOptions options)
    {
        options.StatusCode = section.Integer(nameof(options.StatusCode), options.StatusCode);
        options.IncludeReason = section.OptionalBoolean(nameof(options.IncludeReason), options.IncludeReason);
        options.Abort = section.Boolean(nameof(options.Abort), options.Abort);
        section.RefuseUnknownKeys();
    }

    private static SettingsSection SectionOf(SettingsSection given, bool isSection) =>
        given.Section(OriginGuardOptions.SectionName) is var named && (named.Exists || !isSection) ? named : given;

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
