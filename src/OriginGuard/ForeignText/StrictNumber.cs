namespace OriginGuard.ForeignText;

/// <summary>
/// Reads a number of at most three digits, as octets and prefix lengths are: no sign, no blank, no leading zero, which some read as octal, and nothing behind
/// it. (<see cref="int.TryParse(ReadOnlySpan{char}, System.Globalization.NumberStyles, IFormatProvider?, out int)"/> passes over NUL characters there.)
/// </summary>
internal static class StrictNumber
{
    public static bool TryParse(ReadOnlySpan<char> text, int most, out int value)
    {
        value = 0;
        if (text.Length is 0 or > 3 || (text.Length > 1 && text[0] == '0') || text.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        foreach (var digit in text)
        {
            value = (value * 10) + (digit - '0');
        }

        return value <= most;
    }
}
