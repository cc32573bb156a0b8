using System.Net;
using OriginGuard.Configuration;
using OriginGuard.ForeignText;

namespace OriginGuard.Exemptions;

/// <summary>The list <c>OriginGuard:Exemptions</c>.</summary>
internal sealed class ExemptionsSection : OptionsSection
{
    public override string Name => nameof(OriginGuardOptions.Exemptions);

    public override void Read(ISettings settings, OriginGuardOptions options) => options.Exemptions = settings.Objects(Name, options.Exemptions, Read);

    public override void Validate(OriginGuardOptions options, ICollection<string> mistakes)
    {
        for (var i = 0; i < options.Exemptions.Length; i++)
        {
            var key = options.Reading.Element($"{Root}:{Name}", i);
            NetworkRules.Validate(
                options.Exemptions[i].Networks, $"{key}:Networks", "Name the networks that the probes come from, or leave Networks out if the path is for everybody.", options.Reading, mistakes);
            if (!ExemptPath.IsValid(options.Exemptions[i].Path))
            {
                mistakes.Add(
                    $"{key}:Path is {ShownText.OfName(options.Exemptions[i].Path)}; an exact path that starts with a slash and holds letters, digits and "
                    + "the signs - . _ ~ / is needed. Name the probe's path, such as /healthz.");
            }
        }
    }

    public override bool IsWeakerWithout(string name, OriginGuardOptions current, OriginGuardOptions next) =>
        Array.Exists(next.Exemptions, exemption => !Array.Exists(current.Exemptions, before => Covers(before, exemption)));

    /// <summary>An exemption for some peers that would hold for all of them.</summary>
    public override IEnumerable<string> AlsoLost(OriginGuardOptions current, OriginGuardOptions next)
    {
        for (var i = 0; i < next.Exemptions.Length; i++)
        {
            var key = $"{next.Reading.Element($"{Root}:{Name}", i)}:Networks";
            var now = next.Exemptions[i];
            ExemptionOptions[] before = [.. current.Exemptions.Where(exemption => string.Equals(exemption.Path, now.Path, StringComparison.Ordinal))];
            if (now.Networks.Length == 0 && !next.Reading.Keys.Contains(key) && before.Length > 0 && Array.TrueForAll(before, static exemption => exemption.Networks.Length > 0))
            {
                yield return $"{key} was set and is not there any more; the exemption would hold for everybody. Write the networks, or an empty list if that is meant.";
            }
        }
    }

    private static void Read(ISettings element, ExemptionOptions options)
    {
        options.Path = element.String(nameof(options.Path), options.Path)!;
        options.Networks = element.Networks(nameof(options.Networks), options.Networks, ifNull: "the exemption would hold for everybody");
    }

    private static bool Covers(ExemptionOptions before, ExemptionOptions now) => string.Equals(before.Path, now.Path, StringComparison.Ordinal)
        && (before.Networks.Length == 0 || (now.Networks.Length > 0 && Array.TrueForAll(now.Networks, network => before.Networks.Contains<IPNetwork>(network))));
}
