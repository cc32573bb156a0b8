using System.Text;
using System.Text.Json.Nodes;
using OriginGuard.Checks;
using OriginGuard.ForeignText;
using OriginGuard.Iap;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Assertion;

/// <summary>An examination in words or in JSON. The claims come from whoever wrote the assertion.</summary>
internal static class AssertionReport
{
    public static string Text(AssertionExamination examination, Palette colors)
    {
        var text = new StringBuilder($"{colors.Of(examination.IsValid ? true : examination.Reason is RefusalReason.None ? null : false, Verdict(examination))}\n\n");
        foreach (var check in examination.Checks)
        {
            text.Append($"{colors.Of(check.Passed, $"{Word(check),-12}")} {check.Name,-11} {PrintableText.From(check.Actual)}");
            text.Append(check.Passed is true ? "\n" : $"\n{"",-24} expected: {PrintableText.From(check.Expected)}\n");
        }

        if (examination.Claims is { } claims)
        {
            text.Append(examination.HasValidSignature ? "\nclaims\n" : "\nclaims, which anybody may have written\n");
            foreach (var (name, value) in Claims(claims))
            {
                text.Append($"  {PrintableText.From(name)}: {PrintableText.From(value)}\n");
            }
        }

        return text.ToString();
    }

    public static string Json(AssertionExamination examination) => JsonOutput.Render(new JsonObject
    {
        ["valid"] = examination.IsValid,
        ["reason"] = examination.Reason is RefusalReason.None ? null : examination.Reason.ToCode(),
        ["at"] = examination.Now.UtcDateTime.ToString("O"),
        ["checks"] = new JsonArray([.. examination.Checks.Select(static check => new JsonObject
        {
            ["name"] = check.Name,
            ["result"] = Word(check),
            ["reason"] = check.Passed is false ? check.Reason.ToCode() : null,
            ["expected"] = check.Expected,
            ["actual"] = check.Actual,
        })]),
        ["claimsVerified"] = examination.HasValidSignature,
        ["claims"] = examination.Claims is { } claims ? Json(claims) : null,
    });

    private static string Verdict(AssertionExamination examination) => examination switch
    {
        { IsValid: true } => "valid",
        { Reason: not RefusalReason.None and var reason } => $"refused: {reason.ToCode()}",
        _ => $"not known to be valid; not checked: {string.Join(", ", examination.Checks.Where(static check => check.Passed is null).Select(static check => check.Name))}",
    };

    private static string Word(AssertionCheck check) => check.Passed switch
    {
        true => "pass",
        false => "fail",
        null => "not checked",
    };

    private static JsonArray Json(IapClaims claims) =>
        [.. Claims(claims).Select(static claim => new JsonObject { ["name"] = claim.Name, ["value"] = claim.Value })];

    private static IEnumerable<(string Name, string Value)> Claims(IapClaims claims)
    {
        (string Name, string? Value)[] known =
        [
            ("sub", claims.Subject),
            ("email", claims.Email),
            ("hd", claims.HostedDomain),
            .. claims.AccessLevels.Select(static level => ("google.access_levels", (string?)level)),
            .. claims.Attributes.Select(static claim => (claim.Key, (string?)claim.Value)),
        ];
        return known.Where(static claim => claim.Value is not null).Select(static claim => (claim.Name, claim.Value!));
    }
}
