using OriginGuard.ForeignText;

namespace OriginGuard.Arming;

/// <summary>Somebody who would be locked out, as an operator thinks of them: what has one cause is one caller, whatever networks and routes it has.</summary>
/// <param name="Who">Who it most likely is.</param>
/// <param name="Kind">The same as a name that does not change.</param>
/// <param name="Reasons">What each layer said, by the code whose first word is the layer.</param>
/// <param name="Networks">Where it calls from.</param>
/// <param name="Routes">What it calls: patterns of endpoints.</param>
/// <param name="FirstSeen">When it came first.</param>
/// <param name="LastSeen">When it came last.</param>
/// <param name="Reported">How many requests passed that would have been refused.</param>
/// <param name="Refused">How many were refused.</param>
/// <param name="Remedy">What to do about it.</param>
internal sealed record ArmingCaller(
    string Who,
    string Kind,
    IReadOnlyList<string> Reasons,
    IReadOnlyList<string> Networks,
    IReadOnlyList<string> Routes,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    long Reported,
    long Refused,
    string Remedy)
{
    public const string NoRoute = "(no route)";

    private const int MostShown = 8;

    /// <summary>The busiest first.</summary>
    public static IReadOnlyList<ArmingCaller> Group(IEnumerable<CallerState> callers) =>
        [.. callers.GroupBy(CauseOf).Select(static cause => Of([.. cause.OrderByDescending(Requests)])).OrderByDescending(static caller => caller.Reported + caller.Refused)];

    public static long Requests(CallerState caller) => caller.Refused + caller.Reported;

    private static (string, string?, string, string?) CauseOf(CallerState caller) => (
        caller.Kind,
        caller.Agent,
        string.Join(',', caller.Reasons),
        caller.Kind is nameof(CallerKind.LoadBalancer) or nameof(CallerKind.GoogleWithoutSecret) or nameof(CallerKind.NamedAgent) ? null : caller.Network);

    private static ArmingCaller Of(CallerState[] parts) => new(
        CallerWords.Who(parts[0]),
        parts[0].Kind,
        parts[0].Reasons,
        Some(parts.Select(static part => part.Network ?? (part.Kind == nameof(CallerKind.ThisMachine) ? "this machine" : "an address that is not known"))),
        Some(parts.Select(static part => part.Route ?? NoRoute)),
        parts.Min(static part => part.FirstSeen),
        parts.Max(static part => part.LastSeen),
        parts.Sum(static part => part.Reported),
        parts.Sum(static part => part.Refused),
        CallerWords.Remedy(parts[0]));

    /// <summary>The first of them, and how many more there are.</summary>
    private static string[] Some(IEnumerable<string> all)
    {
        string[] distinct = [.. all.Distinct(StringComparer.Ordinal).Select(static text => PrintableText.From(text))];
        return distinct.Length <= MostShown ? distinct : [.. distinct.AsSpan(0, MostShown), $"and {distinct.Length - MostShown} more"];
    }
}
