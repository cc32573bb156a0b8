namespace OriginGuard.SharedSecret;

/// <summary>Texts that stand in the place of a secret: what a deployment should have replaced, and what anybody guesses.</summary>
internal static class PlaceholderSecret
{
    /// <summary>Fewer different characters than this are no secret.</summary>
    private const int FewestDifferent = 4;

    private static readonly string[] Beginnings = ["changeme", "change-me", "replaceme", "replace-me", "your-secret", "yoursecret", "placeholder"];

    /// <summary>What is wrong, without the text; null when nothing is.</summary>
    public static string? Problem(string text)
    {
        if (text.StartsWith("projects/", StringComparison.Ordinal) && text.Contains("/secrets/", StringComparison.Ordinal))
        {
            return "is the name of a secret in Secret Manager, and not its value; mount the secret as a file and name it in SecretFiles, or let the platform put the value here";
        }

        if (IsTemplate(text) || Array.Exists(Beginnings, beginning => text.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)))
        {
            return "is a placeholder that nothing has replaced; the value itself is needed";
        }

        return text.Length > 0 && text.Distinct().Count() is var different and < FewestDifferent
            ? $"is made of {(different == 1 ? "one character" : $"{different} different characters")}, repeated; anybody guesses it"
            : null;
    }

    /// <summary>$(NAME), ${NAME}, %NAME%, &lt;name&gt; and {{ name }}, which deployments replace, or should have.</summary>
    private static bool IsTemplate(string text) => text switch
    {
        ['$', '(', .., ')'] or ['$', '{', .., '}'] or ['{', '{', .., '}', '}'] or ['<', .., '>'] or ['%', _, .., '%'] => true,
        _ => false,
    };
}
