namespace OriginGuard.Checks;

/// <summary>The fixed spellings of outcomes and reasons in telemetry, problem details and documentation.</summary>
internal static class OutcomeNames
{
    private static readonly string[] Codes = [.. Enum.GetNames<RefusalReason>().Select(CodeOf)];

    public static string ToName(this OriginOutcome outcome) => outcome switch
    {
        OriginOutcome.Admitted => "admitted",
        OriginOutcome.Exempted => "exempted",
        OriginOutcome.Refused => "refused",
        _ => "undetermined",
    };

    /// <summary>The layer, a dot, and the rest in words: <c>IapIssuedInFuture</c> is <c>iap.issued_in_future</c>.</summary>
    public static string ToCode(this RefusalReason reason) => Codes[(int)reason];

    /// <summary>The code that a reason has by its name.</summary>
    internal static string CodeOf(string name)
    {
        var words = string.Concat(name.Select(static (letter, i) => i > 0 && char.IsUpper(letter) ? $"_{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
        var layer = words.IndexOf('_', StringComparison.Ordinal);
        return layer < 0 ? words : $"{words[..layer]}.{words[(layer + 1)..]}";
    }
}
