namespace OriginGuard.Checks;

/// <summary>A header that decides about admission, and the look-alikes by which a caller may try to slip another one past the load balancer.</summary>
internal static class GuardedHeader
{
    /// <summary>
    /// Whether two names differ in case, hyphen, underscore and dot alone: servers and languages behind CGI's naming take these for one another. Both spellings
    /// have one length, so who compares many names looks at that first.
    /// </summary>
    public static bool IsSpelledLike(ReadOnlySpan<char> name, ReadOnlySpan<char> other)
    {
        if (name.Length != other.Length)
        {
            return false;
        }

        for (var i = 0; i < name.Length; i++)
        {
            if (Plain(name[i]) != Plain(other[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a name begins so, in whatever spelling.</summary>
    public static bool StartsLike(string name, string start) => name.Length >= start.Length && IsSpelledLike(name.AsSpan(0, start.Length), start);

    private static char Plain(char character) => character is '_' or '.' ? '-' : char.ToLowerInvariant(character);
}
