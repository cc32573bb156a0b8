using OriginGuard.Checks;
using OriginGuard.Diagnostics;

namespace OriginGuard.Tool.Field;

/// <summary>One question to the load balancer: what is sent, and how the answer is read.</summary>
/// <param name="Name">Its name in the report.</param>
/// <param name="Asks">In words.</param>
/// <param name="Sent">The lines that the client adds.</param>
/// <param name="Read">The answer, of this request and of one with no lines.</param>
/// <param name="IsAnsweredByRefusal">Whether it can be read of a request that was not admitted, too.</param>
internal sealed record FieldQuestion(string Name, string Asks, IReadOnlyList<HeaderLine> Sent, Func<Passage, ArrivalDiagnosis, string> Read, bool IsAnsweredByRefusal = false)
{
    private const string Cased = ArrivalReader.TestPrefix + "-CaSe";
    private const string Twice = ArrivalReader.TestPrefix + "-Twice";
    private const string Underscored = "X_OriginGuard_Probe_Low";

    // RFC 5737: nobody's address.
    private const string Nobody = "192.0.2.1";

    /// <summary>What Google's pages leave open, or say in two ways.</summary>
    /// <param name="secretHeader">The name of the header with the secret; null where the origin checks none.</param>
    public static IReadOnlyList<FieldQuestion> All(string? secretHeader) =>
    [
        new("protocol", "Which HTTP reaches the origin?", [], static (passage, _) => passage.Arrived!.Protocol),
        new("names.added", "Which headers are added, and how are they spelled?", [], static (passage, _) => string.Join(", ", passage.Arrived!.FrontEndHeaders)),
        new("names.case", "How is the name of an unknown header spelled?", [new(Cased, "1")], static (passage, _) => Spelling(passage)),
        new("names.underscore", "Does a name with underscores arrive?", [new(Underscored, "1")], static (passage, _) => Test(passage, Underscored) is { } header ? $"yes, as {header.Name}" : "no"),
        new("lines.repeated", "What becomes of an unknown header that comes twice?", [new(Twice, "a"), new(Twice, "b")], static (passage, _) => Repeated(passage)),
        new("forwarded-for", "What becomes of a client's X-Forwarded-For?", [new("X-Forwarded-For", Nobody)], static (passage, plain) =>
            $"{Count(passage.Arrived!.ForwardedForEntries, "entry arrives", "entries arrive")}, and {plain.ForwardedForEntries} without it"),
        .. secretHeader is null ? [] : OfTheSecret(secretHeader),
        new("assertion.sent", "What becomes of an assertion that the client sends?", [new(IapDefaults.AssertionHeader, "e30.e30.AA")], static (passage, plain) =>
            passage.Arrived is { } arrived ? $"{Count(arrived.AssertionLines, "line arrives", "lines arrive")}, and {plain.AssertionLines} without it" : $"it arrives, and the request is not admitted ({passage.Status})", IsAnsweredByRefusal: true),
    ];

    private static FieldQuestion[] OfTheSecret(string header) =>
    [
        new("secret.sent", "Does the load balancer replace a secret that the client sends?", [new(header, "wrong")], static (passage, _) => Replaced(passage), IsAnsweredByRefusal: true),
        new("secret.case", "And in another case?", [new(OtherCase(header), "wrong")], static (passage, _) => Replaced(passage), IsAnsweredByRefusal: true),
        new("secret.underscore", "And with underscores?", [new(header.Replace('-', '_'), "wrong")], static (passage, _) => Replaced(passage), IsAnsweredByRefusal: true),
    ];

    private static string OtherCase(string name) => string.Concat(name.Select(static sign => char.IsUpper(sign) ? char.ToLowerInvariant(sign) : char.ToUpperInvariant(sign)));

    private static TestHeaderDiagnosis? Test(Passage passage, string name) =>
        passage.Arrived!.TestHeaders.FirstOrDefault(header => GuardedHeader.IsSpelledLike(header.Name, name));

    private static string Spelling(Passage passage) => Test(passage, Cased)?.Name switch
    {
        null => "it does not arrive",
        Cased => "as it was sent",
        "x-originguard-probe-case" => "in lower case",
        "X-Originguard-Probe-Case" => "a capital at the start and after each hyphen",
        var name => $"as {name}",
    };

    // The values have one octet each.
    private static string Repeated(Passage passage) => Test(passage, Twice) switch
    {
        null => "it does not arrive",
        { Lines: 2 } => "two lines arrive",
        { Lines: 1, Octets: 1 } => "one of them arrives",
        { Lines: 1, Octets: var octets } => $"they arrive as one line, with {Count(octets - 2, "octet", "octets")} between them",
        var header => $"{header.Lines} lines arrive",
    };

    private static string Count(int number, string one, string many) => $"{number} {(number == 1 ? one : many)}";

    private static string Replaced(Passage passage) => passage.Arrived is { } arrived
        ? $"the wrong one does not arrive: {Count(arrived.SecretLines, "line with the secret does", "lines with the secret do")}"
        : $"the wrong one arrives, and the request is not admitted ({passage.Status})";
}
