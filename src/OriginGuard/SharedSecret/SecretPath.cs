namespace OriginGuard.SharedSecret;

/// <summary>
/// A path for messages: in full, because a relative one depends on where the process was started. And not at all where it may be a secret that was typed into
/// the wrong setting.
/// </summary>
internal static class SecretPath
{
    // As long as the pieces of a random text usually are, and longer than the words that paths are made of.
    private const int LongPiece = 12;

    /// <summary>The path in full, or null when it must not be shown.</summary>
    public static string? Show(string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal) || MayBeSecret(path))
        {
            return null;
        }

        return Path.GetFullPath(path);
    }

    public static bool IsRelative(string path) => !Path.IsPathRooted(path);

    // A secret in base64 may hold slashes, too; what tells it from a path are long pieces that mix capitals, small letters and digits.
    private static bool MayBeSecret(string path)
    {
        string[] pieces = path.Split('/', '\\');
        return SecretText.Problem(path) is null && (pieces.Length == 1 || Array.Exists(pieces, IsMixed));
    }

    private static bool IsMixed(string piece) =>
        piece.Length >= LongPiece && piece.Any(char.IsAsciiLetterUpper) && piece.Any(char.IsAsciiLetterLower) && piece.Any(char.IsAsciiDigit);
}
