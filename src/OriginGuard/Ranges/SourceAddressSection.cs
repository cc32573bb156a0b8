using Microsoft.Extensions.Configuration;
using OriginGuard.Configuration;
using OriginGuard.ForeignText;
using OriginGuard.Settings;

namespace OriginGuard.Ranges;

/// <summary>The section <c>OriginGuard:SourceAddress</c>.</summary>
internal sealed class SourceAddressSection(IConfiguration? configuration = null) : OptionsSection
{
    private const string Key = $"{Root}:{nameof(OriginGuardOptions.SourceAddress)}";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Year = TimeSpan.FromDays(366);

    public override string Name => nameof(OriginGuardOptions.SourceAddress);

    public override ILayerOptions LayerOf(OriginGuardOptions options) => options.SourceAddress;

    public override void Read(ISettings settings, OriginGuardOptions options) => settings.Section(Name, section => Read(section, options.SourceAddress));

    public override void Validate(OriginGuardOptions options, ICollection<string> mistakes)
    {
        Validate(options.SourceAddress, options.Reading, mistakes);
        if (options.Mode is not LayerMode.Disabled && options.SourceAddress.Mode is not LayerMode.Disabled)
        {
            ValidatePlatform(options, mistakes);
        }
    }

    public override bool IsWeakerWithout(string name, OriginGuardOptions current, OriginGuardOptions next) => name switch
    {
        // Only in one direction. What code had set before the configuration may be milder than it, and comes back without it.
        nameof(SourceAddressOptions.AllowNonPublicNetworks) => next.SourceAddress.AllowNonPublicNetworks,
        nameof(SourceAddressOptions.UseBuiltInRanges) => next.SourceAddress.UseBuiltInRanges,
        nameof(SourceAddressOptions.Corroboration) => next.SourceAddress.Corroboration is CorroborationMode.Off,

        // How often ranges are asked for, and where they are kept: nobody else is let in.
        nameof(SourceAddressOptions.MinRefreshInterval) or nameof(SourceAddressOptions.MaxRefreshInterval) or nameof(SourceAddressOptions.SnapshotPath) => false,

        // Another value is another question, whichever is stricter: where the peer stands, what may be believed of a record and for how long.
        _ => true,
    };

    private static void Read(ISettings section, SourceAddressOptions options)
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
        options.Corroboration = section.Enumeration(nameof(options.Corroboration), options.Corroboration);
        options.GoogleNetworksUri = section.Address(nameof(options.GoogleNetworksUri), options.GoogleNetworksUri)!;
        options.CloudNetworksUri = section.Address(nameof(options.CloudNetworksUri), options.CloudNetworksUri)!;
    }

    private static void Validate(SourceAddressOptions options, ReadingNotes reading, ICollection<string> mistakes)
    {
        Require.Defined(options.Mode, $"{Key}:Mode", mistakes);
        Require.Defined(options.From ?? default, $"{Key}:From", mistakes);
        Require.Between(options.ForwardedForPosition, 1, 32, $"{Key}:ForwardedForPosition", mistakes);
        Require.Between(options.MinPrefixLengthV4, 0, 32, $"{Key}:MinPrefixLengthV4", mistakes);
        Require.Between(options.MinPrefixLengthV6, 0, 128, $"{Key}:MinPrefixLengthV6", mistakes);
        Require.Between(options.MinRefreshInterval, Second, Year, $"{Key}:MinRefreshInterval", mistakes);
        Require.Between(options.MaxRefreshInterval, Second, Year, $"{Key}:MaxRefreshInterval", mistakes);
        Require.Between(options.MaxAge, Second, 10 * Year, $"{Key}:MaxAge", mistakes);
        Require.Defined(options.Corroboration, $"{Key}:Corroboration", mistakes);
        Require.SecureAddress(options.GoogleNetworksUri, $"{Key}:GoogleNetworksUri", mistakes);
        Require.SecureAddress(options.CloudNetworksUri, $"{Key}:CloudNetworksUri", mistakes);
        if (options.MaxRefreshInterval < options.MinRefreshInterval)
        {
            mistakes.Add(
                $"{Key}:MaxRefreshInterval is {options.MaxRefreshInterval}; it must not be less than MinRefreshInterval ({options.MinRefreshInterval}). Raise the one or lower the other.");
        }

        ValidateRecordNames(options.RecordNames ?? [], $"{Key}:RecordNames", reading, mistakes);
        NetworkRules.Validate(
            options.Networks ?? [], $"{Key}:Networks", $"Name the networks that your load balancer sends from, or set {Key}:Mode to Disabled if no address is to be asked.", reading, mistakes);
        if (options.SnapshotPath is { } path && string.IsNullOrWhiteSpace(path))
        {
            mistakes.Add($"{Key}:SnapshotPath is blank; the path of a file is needed. Name a file that the process may write, or remove the key.");
        }
    }

    private static void ValidateRecordNames(string[] names, string key, ReadingNotes reading, ICollection<string> mistakes)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (!DomainName.IsValid(names[i]))
            {
                mistakes.Add(
                    $"{reading.Element(key, i)} is {ShownText.OfName(names[i])}; a domain name is needed (RFC 1035: labels of 1 to 63 letters, digits, - or _, 253 characters in all). "
                    + $"Correct it, for example {SourceAddressOptions.GoogleRecordName}.");
            }
            else if (ShownText.Key(names[i]) is null && !names[i].Contains('.', StringComparison.Ordinal))
            {
                // It would be asked for, in the clear.
                mistakes.Add($"{reading.Element(key, i)} is {ShownText.Hidden(names[i])} without a dot, as a secret may be and a domain name is not. Correct it, for example {SourceAddressOptions.GoogleRecordName}.");
            }
            else if (names.AsSpan(0, i).Contains(names[i], StringComparer.OrdinalIgnoreCase))
            {
                mistakes.Add($"{reading.Element(key, i)} is {ShownText.OfName(names[i])}; each name is needed once. Remove the repetition.");
            }
        }
    }

    private void ValidatePlatform(OriginGuardOptions options, ICollection<string> mistakes)
    {
        var source = options.SourceAddress;
        if (options.Platform is OriginPlatform.InternetNegRegional && source is { Networks.Length: 0, RecordNames.Length: 0 })
        {
            mistakes.Add(
                $"{Key}:Networks is empty; Platform InternetNegRegional needs the reserved addresses of your Cloud NAT, since no record "
                + "lists them. Add them, for example 203.0.113.7/32, or set SourceAddress:Mode to Disabled.");
        }

        if (source.From is PeerAddressSource.ForwardedFor && source.IsConfigured
            && string.Equals(configuration?["FORWARDEDHEADERS_ENABLED"], "true", StringComparison.OrdinalIgnoreCase))
        {
            mistakes.Add(
                $"{Key}:From is ForwardedFor and ASPNETCORE_FORWARDEDHEADERS_ENABLED is true; behind the platform's own "
                + "proxy the switch shows the application an address that the caller wrote. Remove the switch; ClientAddress:Restore does its work.");
        }
    }
}
