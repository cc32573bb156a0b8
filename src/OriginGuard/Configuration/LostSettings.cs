using static OriginGuard.OriginGuardOptions;

namespace OriginGuard.Configuration;

/// <summary>
/// What was set and is not there any more. A file that is being replaced, or a source that is away, reads like an operator who wants the defaults: only a word
/// of its own takes away what is in force. What falls back to something stricter may go without one, and so may what does not concern who is let in.
/// </summary>
internal sealed class LostSettings(OptionsSections sections)
{
    /// <summary>A sentence for each setting that a reload would lose, with its name and the remedy; never a value.</summary>
    public IReadOnlyList<string> Find(OriginGuardOptions current, OriginGuardOptions next)
    {
        if (current.Mode is LayerMode.Disabled)
        {
            return [];
        }

        string[] gone = [.. sections.Differences(current, next).Where(key => next.Reading.HasLost(key, current.Reading))];
        List<string> lost = [.. gone.Where(key => Modes(key, current, next) is (var before, var after) && after > before).Select(static key => Sentence(key, null))];
        if (lost.Count > 0 || next.Mode is LayerMode.Disabled)
        {
            // Nothing below a mode counts before it is said which mode is meant.
            return lost;
        }

        lost.AddRange(gone.Where(key => IsWeaker(key, current, next)).Select(key => Sentence(key, LayerOf(key, next))));
        lost.AddRange(sections.All.SelectMany(section => section.AlsoLost(current, next)));
        lost.AddRange(LostLayers(current, next));
        return lost;
    }

    private bool IsWeaker(string key, OriginGuardOptions current, OriginGuardOptions next) =>
        sections.Find(key) is not (var section, var name)
            ? key == $"{SectionName}:{nameof(next.Platform)}"
            : name is not nameof(OriginGuardOptions.Mode) && !IsAtRest(section, current) && !IsAtRest(section, next) && section.IsWeakerWithout(name, current, next);

    private static bool IsAtRest(OptionsSection section, OriginGuardOptions options) => section.LayerOf(options)?.Mode is LayerMode.Disabled;

    private static string Sentence(string key, string? layer) =>
        $"{key} was set and is not there any more; what is in force does not go back to a default, or to what an earlier source says, by itself. Write the value that is meant"
        + (layer is null ? "." : $", or set {SectionName}:{layer}:Mode to Disabled.");

    private IEnumerable<string> LostLayers(OriginGuardOptions current, OriginGuardOptions next) => sections.All
        .Where(section => section.Needed is not null && section.LayerOf(current) is { IsConfigured: true } && section.LayerOf(next) is { IsConfigured: false, Mode: not LayerMode.Disabled })
        .Select(static section => $"{SectionName}:{section.Name} has nothing left to check with; a layer that is on is not lost by a reload. "
            + $"Set {SectionName}:{section.Name}:Mode to Disabled if that is meant.");

    private string? LayerOf(string key, OriginGuardOptions options) => sections.Find(key) is (var section, _) && section.LayerOf(options) is not null ? section.Name : null;

    private (LayerMode Before, LayerMode After)? Modes(string key, OriginGuardOptions current, OriginGuardOptions next) =>
        key == $"{SectionName}:Mode" ? (current.Mode, next.Mode)
        : sections.Find(key) is (var section, nameof(OriginGuardOptions.Mode)) && section.LayerOf(current) is { } before && section.LayerOf(next) is { } after ? (before.Mode, after.Mode)
        : null;
}
