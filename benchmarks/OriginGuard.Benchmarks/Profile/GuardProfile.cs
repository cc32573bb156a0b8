using OriginGuard.Benchmarks.Results;

namespace OriginGuard.Benchmarks.Profile;

/// <summary>Sorts the samples of a profile: what belongs to the guard, and to which of the things that it does with a request.</summary>
internal sealed class GuardProfile
{
    public const string Rest = "the middleware itself";

    private const string Guard = "[OriginGuard] OriginGuard.";
    private const string Application = "OriginRole::AnswerAsync";

    // The first that fits decides: from what lies deepest to what lies around it.
    private static readonly (string Part, string[] Frames)[] Parts =
    [
        ("headers: the walk over them", ["HeaderWalk::", "IHeaderDictionary.", "HttpRequestHeaders::"]),
        ("secret: compared", ["SecretRing::Find", "SharedSecretCheck::"]),
        ("disguised headers: judged", ["SmuggledHeadersCheck::"]),
        ("peer: asked for", ["PeerAddress::"]),
        ("peer: in the ranges", ["SourceAddressCheck::", "RangeSnapshot::", "CidrTrie::"]),
        ("exemptions: none fits", ["GuardPlan::IsExempt"]),
        ("verdict: counted", ["RequestGuard::Record", "StripedCounters::", "OriginGuardMetrics::", "DecisionCounts::"]),
        ("findings: kept", ["ConditionalWeakTable"]),
        ("findings: made a feature", ["IFeatureCollection.", "::ExtraFeature", "TransportConnection::"]),
    ];

    private readonly Dictionary<string, int> _samples = [];

    /// <summary>All samples, those of the server and the kernel too.</summary>
    public int Count { get; private set; }

    /// <param name="lines">What <c>perf script -F ip,sym</c> prints: a frame a line from the innermost outwards, and an empty line behind each stack.</param>
    public static GuardProfile Read(IEnumerable<string> lines)
    {
        var profile = new GuardProfile();
        List<string> stack = [];
        foreach (var line in lines.Append(""))
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                stack.Add(line);
            }
            else if (stack.Count > 0)
            {
                profile.Add(stack);
                stack.Clear();
            }
        }

        return profile;
    }

    /// <param name="nanoseconds">Processor time of one request as a whole, of which the guard has its share of all samples.</param>
    public IReadOnlyList<ProfileFigure> Figures(double nanoseconds)
    {
        var ofSamples = _samples.Values.Sum();
        return [.. _samples.OrderByDescending(static part => part.Value)
            .Select(part => new ProfileFigure(part.Key, part.Value, ofSamples, nanoseconds * part.Value / Count))];
    }

    private void Add(List<string> stack)
    {
        Count++;

        // What runs inside of the guard is the application, too.
        var outermost = stack.FindLastIndex(static frame => frame.Contains(Guard, StringComparison.Ordinal));
        if (outermost < 0 || stack.Exists(static frame => frame.Contains(Application, StringComparison.Ordinal)))
        {
            return;
        }

        var inside = stack[..(outermost + 1)];
        var part = Array.Find(Parts, part => part.Frames.Any(name => inside.Exists(frame => frame.Contains(name, StringComparison.Ordinal)))).Part ?? Rest;
        _samples[part] = _samples.GetValueOrDefault(part) + 1;
    }
}
