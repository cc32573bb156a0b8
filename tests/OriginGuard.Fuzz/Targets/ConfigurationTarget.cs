using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using OriginGuard.Configuration;
using OriginGuard.Iap;
using OriginGuard.SharedSecret;
using OriginGuard.Tests.Configuration;
using static OriginGuard.Fuzz.Targets.BrokenPropertyException;

namespace OriginGuard.Fuzz.Targets;

/// <summary>
/// The configuration as JSON: whatever it says, the reading ends in options or in mistakes, each a line that names its setting and repeats no secret. Options without
/// a mistake can be put in force, and are read from the root as from the section.
/// </summary>
internal static class ConfigurationTarget
{
    // Stands in secrets, and nobody writes it by chance.
    private const string Telltale = "hunter2";
    private const int LongestMistake = 4096;

    // Files are of this machine.
    private static readonly string[] FileKeys = ["SecretFiles", "ReferenceKeyFile"];
    private static readonly string[] SecretKeys = ["OriginGuard:SharedSecret:Secrets:", "OriginGuard:Rejection:ReferenceKey"];

    public static bool Play(byte[] input)
    {
        var root = Load(input);
        if (root.AsEnumerable().Any(static pair => Array.Exists(FileKeys, key => Names(pair.Key, key))))
        {
            return false;
        }

        var (options, mistakes) = Read(root);
        var isSecretTold = root.AsEnumerable().Any(static pair => Tells(pair.Key) || (Tells(pair.Value) && !Array.Exists(SecretKeys, key => pair.Key.StartsWith(key, StringComparison.OrdinalIgnoreCase))));
        foreach (var mistake in mistakes)
        {
            ThrowUnless(mistake.StartsWith("OriginGuard", StringComparison.Ordinal), $"A mistake names no setting: {mistake}");
            ThrowUnless(mistake.Length <= LongestMistake, $"A mistake has {mistake.Length} characters.");
            ThrowUnless(!mistake.Any(static character => char.IsControl(character) || char.IsSurrogate(character)), "A mistake is not one line.");
            ThrowUnless(isSecretTold || !Tells(mistake), "A mistake repeats a secret.");
        }

        var (same, sameMistakes) = Read(root.GetSection(OriginGuardOptions.SectionName));
        var isNested = root.GetSection($"{OriginGuardOptions.SectionName}:{OriginGuardOptions.SectionName}").Exists();
        ThrowUnless(isNested || mistakes.SequenceEqual(sameMistakes), "The section says otherwise than the root.");
        if (mistakes.Length > 0)
        {
            return false;
        }

        ThrowUnless(isNested || Sections.All.Differences(options, same).Count == 0, "The section is read otherwise than the root.");
        PutInForce(options);
        return true;
    }

    private static IConfigurationRoot Load(byte[] input)
    {
        try
        {
            using var stream = new MemoryStream(input);
            return new ConfigurationBuilder().AddJsonStream(stream).Build();
        }
        catch (Exception failure) when (failure is FormatException or InvalidDataException or JsonException or InvalidOperationException)
        {
            // No JSON, or half a surrogate pair in it, is the framework's affair; the application then has no configuration.
            return new ConfigurationBuilder().Build();
        }
    }

    private static (OriginGuardOptions Options, string[] Mistakes) Read(IConfiguration configuration)
    {
        var options = new OriginGuardOptions();
        new OptionsReader(configuration, null, Sections.All).Configure(options);
        new PlatformDefaults().PostConfigure(null, options);
        return (options, [.. new OriginGuardOptionsValidator(Sections.All, []).Validate(null, options).Failures ?? []]);
    }

    private static void PutInForce(OriginGuardOptions options)
    {
        IPNetwork[] networks = [.. options.SourceAddress.Networks ?? [], .. options.Exemptions.SelectMany(static exemption => exemption.Networks)];
        ThrowUnless(Array.TrueForAll(networks, static network => network.PrefixLength > 0), "A network is every address.");
        ThrowUnless(Array.TrueForAll(options.SharedSecret.Secrets, static secret => secret.Length >= 16), "A secret is too short.");
        ThrowUnless(new[] { options.Dns.HttpsEndpoint, options.Iap.KeysUri }.All(static address => address is null || address.Scheme == "https" || address.IsLoopback), "An address is not secure.");
        ThrowUnless(options.Mode is LayerMode.Disabled || options.IsOn(options.SourceAddress) || options.IsOn(options.SharedSecret) || options.IsOn(options.Iap), "No layer is on.");

        _ = CidrTrie.Create(networks);
        _ = new SecretRing(options.SharedSecret.Secrets);
        _ = new IapPolicy(options.Iap).DescribeAudiences();
    }

    private static bool Names(string path, string key) => path.EndsWith(key, StringComparison.OrdinalIgnoreCase) || path.Contains($"{key}:", StringComparison.OrdinalIgnoreCase);

    private static bool Tells(string? text) => text?.Contains(Telltale, StringComparison.OrdinalIgnoreCase) is true;
}
