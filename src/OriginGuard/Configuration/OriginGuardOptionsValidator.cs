using Microsoft.Extensions.Options;

namespace OriginGuard.Configuration;

/// <summary>Gathers every mistake before it speaks, so that an operator corrects them in one go.</summary>
internal sealed class OriginGuardOptionsValidator(OptionsSections sections, IEnumerable<IOptionsRule> others) : IValidateOptions<OriginGuardOptions>
{
    private const string Root = OriginGuardOptions.SectionName;

    public ValidateOptionsResult Validate(string? name, OriginGuardOptions options)
    {
        List<string> mistakes = [.. options.Reading.Mistakes, .. MissingValues.Find(options)];
        if (mistakes.Count > options.Reading.Mistakes.Count)
        {
            // The rules behind expect values.
            return Result(options, mistakes);
        }

        Require.Defined(options.Mode, $"{Root}:Mode", mistakes);
        Require.Defined(options.Platform, $"{Root}:Platform", mistakes);
        foreach (var rule in sections.All.Concat(others))
        {
            rule.Validate(options, mistakes);
        }

        foreach (var section in sections.All)
        {
            ValidateMeant(section, options, mistakes);
        }

        if (mistakes.Count == 0)
        {
            ValidateLayers(options, mistakes);
        }

        return Result(options, mistakes);
    }

    private static ValidateOptionsResult Result(OriginGuardOptions options, List<string> mistakes) =>
        mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes.Select(options.Reading.AsWritten));

    /// <summary>Whoever writes the section means the layer. What it lacks may have been meant for it and stand elsewhere.</summary>
    private static void ValidateMeant(OptionsSection section, OriginGuardOptions options, List<string> mistakes)
    {
        var key = $"{Root}:{section.Name}";
        if (section.Needed is { } needed && section.LayerOf(options) is { IsConfigured: false, Mode: not LayerMode.Disabled }
            && options.Reading.Keys.Contains(key) && options.Mode is not LayerMode.Disabled
            && !mistakes.Exists(mistake => mistake.StartsWith(key, StringComparison.Ordinal)))
        {
            mistakes.Add($"{key} has nothing to check with; {needed} is needed. Add it, remove the section, or set {key}:Mode to Disabled.");
        }
    }

    private void ValidateLayers(OriginGuardOptions options, List<string> mistakes)
    {
        if (options.Mode is not LayerMode.Disabled && !Array.Exists(sections.All, section => section.LayerOf(options) is { } layer && options.IsOn(layer)))
        {
            mistakes.Add(
                $"{Root} has no layer that is on; a guard that checks nothing would let everyone in. Configure SourceAddress:RecordNames or Networks, "
                + $"SharedSecret:Secrets or SecretFiles, or Iap:Audiences; or set {Root}:Mode to Disabled.");
        }
    }
}
