using System.Text.Json;
using System.Text.RegularExpressions;

namespace OriginGuard.Sample.Endpoints;

/// <summary>The documented spellings of outcomes and reasons.</summary>
internal static partial class VerdictNames
{
    public static string Of(OriginOutcome outcome) => JsonNamingPolicy.CamelCase.ConvertName(outcome.ToString());

    /// <summary>SecretMissing is secret.missing: the layer, a dot, and the rule in snake case.</summary>
    public static string? Of(RefusalReason reason) => reason is RefusalReason.None
        ? null
        : FirstUnderscore().Replace(JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString()), ".", 1);

    [GeneratedRegex("_")]
    private static partial Regex FirstUnderscore();
}
