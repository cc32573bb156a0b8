using System.Security.Cryptography;
using System.Text;
using OriginGuard.Configuration;

namespace OriginGuard.Arming;

/// <summary>Tells settings apart by which other requests are admitted. No secret is among what is told apart, so that a file may hold it.</summary>
internal static class ArmingSettings
{
    private const int Length = 16;

    private static readonly string[] Deciding = [nameof(OriginGuardOptions.SourceAddress), nameof(OriginGuardOptions.Iap), nameof(OriginGuardOptions.Exemptions)];

    /// <summary>Modes are not among it: they change who is refused, and not who would be.</summary>
    public static string Fingerprint(OptionsSections sections, OriginGuardOptions options)
    {
        var text = new StringBuilder().Append(options.IsOn(options.SourceAddress)).Append(options.IsOn(options.SharedSecret)).Append(options.IsOn(options.Iap));
        foreach (var (key, value) in sections.Values(options))
        {
            if (IsDeciding(key))
            {
                text.Append('\n').Append(key).Append('=').Append(value);
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..Length];
    }

    private static bool IsDeciding(string key) =>
        key == $"{OriginGuardOptions.SectionName}:{nameof(OriginGuardOptions.SharedSecret)}:{nameof(SharedSecretOptions.HeaderName)}"
        || (!key.EndsWith(":Mode", StringComparison.Ordinal) && !key.EndsWith($":{nameof(SourceAddressOptions.SnapshotPath)}", StringComparison.Ordinal)
            && Deciding.Any(section => key == $"{OriginGuardOptions.SectionName}:{section}" || key.StartsWith($"{OriginGuardOptions.SectionName}:{section}:", StringComparison.Ordinal)));
}
