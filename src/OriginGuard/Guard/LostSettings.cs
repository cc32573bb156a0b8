using OriginGuard.Configuration;
using static OriginGuard.OriginGuardOptions;

namespace OriginGuard.Guard;

/// <summary>
/// What was set and is not there any more. A file that is being replaced, or a source that is away, reads like an operator who wants the defaults: only a word
/// of its own takes away what is in force. What falls back to something stricter may go without one, and so may what does not concern who is let in.
/// </summary>
internal static class LostSettings
{
    private static readonly string[] Layers = [nameof(OriginGuardOptions.SourceAddress), nameof(OriginGuardOptions.SharedSecret), nameof(OriginGuardOptions.Iap)];

    /// <summary>A sentence for each setting that a reload would lose, with its name and the remedy; never a value.</summary>
    public static IReadOnlyList<string> Find(OriginGuardOptions current, OriginGuardOptions next)
    {
        if (current.Mode is LayerMode.Disabled)
        {
            return [];
        }

        string[] gone = [.. SettingValues.Differences(current, next).Where(key => next.Reading.HasLost(key, current.Reading))];
        List<string> lost = [.. gone.Where(key => Modes(key, current, next) is (var before, var after) && after > before).Select(static key => Sentence(key, null))];
        if (lost.Count > 0 || next.Mode is LayerMode.Disabled)
        {
            // Nothing below a mode counts before it is said which mode is meant.
            return lost;
        }

        string[] rest = [.. Layers.Where(layer => ModeOf(layer, current) is LayerMode.Disabled || ModeOf(layer, next) is LayerMode.Disabled)];
        lost.AddRange(gone
            .Where(key => !Array.Exists(rest, layer => key.StartsWith($"{SectionName}:{layer}:", StringComparison.Ordinal)) && WeakerWithout.Is(key, current, next))
            .Select(static key => Sentence(key, LayerOf(key))));
        lost.AddRange(LostPeers(current, next));
        lost.AddRange(LostLayers(current, next));
        return lost;
    }

    private static string Sentence(string key, string? layer) =>
        $"{key} was set and is not there any more; what is in force does not go back to a default, or to what an earlier source says, by itself. Write the value that is meant"
        + (layer is null ? "." : $", or set {SectionName}:{layer}:Mode to Disabled.");

    /// <summary>An exemption for some peers that would hold for all of them.</summary>
    private static IEnumerable<string> LostPeers(OriginGuardOptions current, OriginGuardOptions next)
    {
        for (var i = 0; i < next.Exemptions.Length; i++)
        {
            var key = $"{next.Reading.Element($"{SectionName}:Exemptions", i)}:Networks";
            var now = next.Exemptions[i];
            ExemptionOptions[] before = [.. current.Exemptions.Where(exemption => string.Equals(exemption.Path, now.Path, StringComparison.Ordinal))];
            if (now.Networks.Length == 0 && !next.Reading.Keys.Contains(key) && before.Length > 0 && Array.TrueForAll(before, static exemption => exemption.Networks.Length > 0))
            {
                yield return $"{key} was set and is not there any more; the exemption would hold for everybody. Write the networks, or an empty list if that is meant.";
            }
        }
    }

    private static IEnumerable<string> LostLayers(OriginGuardOptions current, OriginGuardOptions next)
    {
        if (current.SharedSecret.IsConfigured && !next.SharedSecret.IsConfigured && next.SharedSecret.Mode is not LayerMode.Disabled)
        {
            yield return Nothing(nameof(next.SharedSecret));
        }

        if (current.Iap.IsConfigured && !next.Iap.IsConfigured && next.Iap.Mode is not LayerMode.Disabled)
        {
            yield return Nothing(nameof(next.Iap));
        }

        static string Nothing(string layer) =>
            $"{SectionName}:{layer} has nothing left to check with; a layer that is on is not lost by a reload. Set {SectionName}:{layer}:Mode to Disabled if that is meant.";
    }

    private static string? LayerOf(string key) => Array.Find(Layers, layer => key.StartsWith($"{SectionName}:{layer}:", StringComparison.Ordinal));

    private static (LayerMode Before, LayerMode After)? Modes(string key, OriginGuardOptions current, OriginGuardOptions next) =>
        key == $"{SectionName}:Mode" ? (current.Mode, next.Mode)
        : Array.Find(Layers, layer => key == $"{SectionName}:{layer}:Mode") is { } found ? (ModeOf(found, current), ModeOf(found, next))
        : null;

    private static LayerMode ModeOf(string layer, OriginGuardOptions options) => layer switch
    {
        nameof(options.SourceAddress) => options.SourceAddress.Mode,
        nameof(options.SharedSecret) => options.SharedSecret.Mode,
        _ => options.Iap.Mode,
    };
}
