namespace OriginGuard.RealServers.Tests.Model;

/// <summary>Something that happened to an origin, and what its callers saw once it rested again.</summary>
/// <param name="Event">What happened.</param>
/// <param name="Settings">The settings since then.</param>
/// <param name="Google">What DNS was asked meanwhile for Google's record, and said.</param>
/// <param name="More">The same of the other record.</param>
/// <param name="Seen">The verdicts on a peer of the built-in ranges, of those that DNS may name, of a private network, and on a stranger.</param>
internal sealed record TracedStep(TracedEvent Event, TracedSettings Settings, TracedQuestions Google, TracedQuestions More, OriginOutcome[] Seen)
{
    /// <summary>A row of <c>trace.h</c>, as <c>refresh.pml</c> reads it.</summary>
    public string Row =>
        $"{{{string.Join(", ", [(int)Event, Settings.Number, Google.Count, Google.Network, More.Count, More.Network, .. Seen.Select(Verdict)])}}}, // {Event} {Settings}: {string.Join(", ", Seen)}";

    private static int Verdict(OriginOutcome outcome) => outcome switch
    {
        OriginOutcome.Undetermined => 0,
        OriginOutcome.Refused => 1,
        _ => 2,
    };
}
