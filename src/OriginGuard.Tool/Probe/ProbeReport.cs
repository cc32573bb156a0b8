using System.Text;
using System.Text.Json.Nodes;
using OriginGuard.ForeignText;
using OriginGuard.Tool.Field;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Probe;

/// <summary>A probe in words or in JSON. Parts of both come from the origin.</summary>
internal static class ProbeReport
{
    public static string Text(ProbeRun run, Palette colors)
    {
        var text = new StringBuilder($"{Paint(run.Verdict, Sentence(run.Verdict), colors)}\n{PrintableText.From(run.Settings.Url.AbsoluteUri)}\n");
        foreach (var target in run.Attempts.GroupBy(static attempt => attempt.Address))
        {
            text.Append($"\ndirectly at {target.Key}\n");
            foreach (var attempt in target)
            {
                text.Append($"  {Paint(attempt.Verdict, $"{Name(attempt.Verdict),-9}", colors)} {PrintableText.From(attempt.Explanation, 400)}\n            disguise: {attempt.Disguise}\n");
            }
        }

        text.Append("\nwhat the load balancer asks of its endpoint\n");
        foreach (var finding in run.Findings)
        {
            text.Append($"  {colors.Of(finding.IsKept, $"{Word(finding),-9}")} {finding.Rule}: {PrintableText.From(finding.Explanation)}\n");
        }

        return text.ToString();
    }

    public static string Json(ProbeRun run, FieldStudy? study, string? failure) => JsonOutput.Render(new JsonObject
    {
        ["url"] = run.Settings.Url.AbsoluteUri,
        ["verdict"] = Name(run.Verdict),
        ["attempts"] = new JsonArray([.. run.Attempts.Select(static attempt => new JsonObject
        {
            ["address"] = attempt.Address.ToString(),
            ["disguise"] = attempt.Disguise,
            ["verdict"] = Name(attempt.Verdict),
            ["status"] = attempt.Status,
            ["explanation"] = attempt.Explanation,
        })]),
        ["endpoint"] = new JsonArray([.. run.Findings.Select(static finding => new JsonObject
        {
            ["rule"] = finding.Rule,
            ["kept"] = finding.IsKept,
            ["explanation"] = finding.Explanation,
        })]),
        ["through"] = failure is not null ? new JsonObject { ["error"] = failure } : study is null ? null : FieldReport.Json(study),
    });

    /// <summary>The file for others to read: without names and addresses.</summary>
    public static string File(ProbeRun run, FieldStudy study, DateTimeOffset now) => FieldReport.File(
        study,
        new JsonArray([.. run.Attempts.Select(attempt => new JsonObject
        {
            ["disguise"] = attempt.Disguise.Replace(run.Settings.Header, "the secret's header", StringComparison.OrdinalIgnoreCase),
            ["verdict"] = Name(attempt.Verdict),
            ["status"] = attempt.Status,
        })]),
        new JsonArray([.. run.Findings.Select(static finding => new JsonObject { ["rule"] = finding.Rule, ["kept"] = finding.IsKept })]),
        now);

    private static string Paint(ProbeVerdict verdict, string text, Palette colors) => colors.Of(
        verdict switch
        {
            ProbeVerdict.Closed or ProbeVerdict.Refused => true,
            ProbeVerdict.Answered => false,
            _ => null,
        },
        text);

    private static string Sentence(ProbeVerdict verdict) => verdict switch
    {
        ProbeVerdict.Closed => "good: nothing answers around the load balancer (closed, or down, or not to be reached from this machine)",
        ProbeVerdict.Refused => "good: refused around the load balancer",
        ProbeVerdict.Answered => "BAD: the origin answers around the load balancer",
        _ => "not known: see below",
    };

    private static string Name(ProbeVerdict verdict) => verdict switch
    {
        ProbeVerdict.Closed => "closed",
        ProbeVerdict.Refused => "refused",
        ProbeVerdict.Answered => "answered",
        _ => "unknown",
    };

    private static string Word(ProbeFinding finding) => finding.IsKept switch
    {
        true => "ok",
        false => "WRONG",
        null => "-",
    };
}
