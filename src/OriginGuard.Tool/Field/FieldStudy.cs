using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Field;

/// <summary>Asks a real load balancer what Google's pages leave open. Each question is a request or a few, and the origin says how they arrived.</summary>
internal sealed class FieldStudy(FrontDoor door, ProgressLine progress)
{
    // In KiB, around every limit that a page names: Kestrel's 32, Google's 60 and 64.
    private static readonly int[] Sizes = [8, 16, 24, 30, 36, 44, 52, 56, 58, 60, 62, 64, 72];

    private readonly List<FieldAnswer> _answers = [];

    public IReadOnlyList<FieldAnswer> Answers => _answers;

    /// <summary>A request as any client sends it; null before the study.</summary>
    public OriginView? Plain { get; private set; }

    /// <exception cref="ToolFailure">A request with nothing added is not admitted, or the answer does not say how it arrived.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        progress.Say("through the load balancer: a request as any client sends it");
        var first = await door.SendAsync([], cancellationToken);
        Plain = first.View ?? throw new ToolFailure($"The diagnostics at --through do not say how a request arrived: {first.Explanation}. They need app.MapOriginGuardDiagnostics(), and a caller whom they answer.");
        foreach (var question in FieldQuestion.All(Plain.SharedSecret?.HeaderName))
        {
            progress.Say($"through the load balancer: {question.Name}");
            var passage = question.Sent.Count == 0 ? first : await door.SendAsync(question.Sent, cancellationToken);
            var said = passage.Arrived is not null || (question.IsAnsweredByRefusal && passage.IsNotAdmitted) ? question.Read(passage, Plain.Arrived) : $"not known: {passage.Explanation}";
            _answers.Add(new FieldAnswer(question.Name, question.Asks, said, passage));
        }

        await AskForTheLimitAsync(cancellationToken);
        await AskForTheAssertionAsync(cancellationToken);
    }

    private async Task AskForTheLimitAsync(CancellationToken cancellationToken)
    {
        Passage passage = new(null, null, "");
        var (passed, failed) = (0, 0);
        foreach (var size in Sizes)
        {
            progress.Say($"through the load balancer: {size} KiB of headers");
            passage = await door.SendAsync(HeaderLine.Padding(size * 1024), cancellationToken);
            if (passage.Arrived is null)
            {
                failed = size;
                break;
            }

            passed = size;
        }

        var said = failed == 0 ? $"{passed} KiB and more" : $"{passed} KiB arrive; {failed} KiB: {passage.Explanation}";
        _answers.Add(new FieldAnswer("headers.largest", "How many header octets of a client arrive?", said, passage));
    }

    /// <summary>Asked last: between the first request and this one lies all the rest.</summary>
    private async Task AskForTheAssertionAsync(CancellationToken cancellationToken)
    {
        var passage = await door.SendAsync([], cancellationToken);
        _answers.Add(new FieldAnswer("assertion.reused", "Does IAP send one assertion with several requests?", passage.View is { } last ? Reuse(Plain!, last) : $"not known: {passage.Explanation}", passage));
    }

    private static string Reuse(OriginView first, OriginView last) => (first.Arrived.AssertionIssuedAt, last.Arrived.AssertionIssuedAt) switch
    {
        (null, _) or (_, null) => "no assertion was checked",
        var (one, other) when one != other => "no: each has its own time",
        _ when (last.Time - first.Time).TotalSeconds < 2 => "not known: the two requests were less than 2 s apart",
        _ => $"yes, with requests that are {(last.Time - first.Time).TotalSeconds:0} s apart",
    };
}
