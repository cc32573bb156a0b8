using OriginGuard.Configuration;
using OriginGuard.ForeignText;
using OriginGuard.Settings;

namespace OriginGuard.Ranges;

/// <summary>What <see cref="SourceAddressOptions"/> must be, each mistake with setting, value, rule and remedy.</summary>
internal static class SourceAddressRules
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Year = TimeSpan.FromDays(366);

    public static void Validate(SourceAddressOptions options, string key, ReadingNotes reading, ICollection<string> mistakes)
    {
        Require.Defined(options.Mode, $"{key}:Mode", mistakes);
        Require.Defined(options.From ?? default, $"{key}:From", mistakes);
        Require.Between(options.ForwardedForPosition, 1, 32, $"{key}:ForwardedForPosition", mistakes);
        Require.Between(options.MinPrefixLengthV4, 0, 32, $"{key}:MinPrefixLengthV4", mistakes);
        Require.Between(options.MinPrefixLengthV6, 0, 128, $"{key}:MinPrefixLengthV6", mistakes);
        Require.Between(options.MinRefreshInterval, Second, Year, $"{key}:MinRefreshInterval", mistakes);
        Require.Between(options.MaxRefreshInterval, Second, Year, $"{key}:MaxRefreshInterval", mistakes);
        Require.Between(options.MaxAge, Second, 10 * Year, $"{key}:MaxAge", mistakes);
        if (options.MaxRefreshInterval < options.MinRefreshInterval)
        {
            mistakes.Add(
                $"{key}:MaxRefreshInterval is {options.MaxRefreshInterval}; it must not be less than MinRefreshInterval ({options.MinRefreshInterval}). Raise the one or lower the other.");
        }

        ValidateRecordNames(options.RecordNames ?? [], $"{key}:RecordNames", reading, mistakes);
        NetworkRules.Validate(
            options.Networks ?? [], $"{key}:Networks", $"Name the networks that your load balancer sends from, or set {key}:Mode to Disabled if no address is to be asked.", reading, mistakes);
        if (options.SnapshotPath is { } path && string.IsNullOrWhiteSpace(path))
        {
            mistakes.Add($"{key}:SnapshotPath is blank; the path of a file is needed. Name a file that the process may write, or remove the key.");
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
            else if (names.AsSpan(0, i).Contains(names[i], StringComparer.OrdinalIgnoreCase))
            {
                mistakes.Add($"{reading.Element(key, i)} is {ShownText.OfName(names[i])}; each name is needed once. Remove the repetition.");
            }
        }
    }
}
