using System.Buffers;

namespace OriginGuard.ForeignText;

/// <summary>A domain name in text form (RFC 1035, section 2.3.1, with the underscore that service records use).</summary>
internal static class DomainName
{
    private static readonly SearchValues<char> LabelCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static bool IsValid(ReadOnlySpan<char> name)
    {
        name = name is [.. var relative, '.'] ? relative : name;
        if (name.Length is 0 or > 253)
        {
            return false;
        }

        foreach (var range in name.Split('.'))
        {
            var label = name[range];
            if (label.Length is 0 or > 63 || label.ContainsAnyExcept(LabelCharacters))
            {
                return false;
            }
        }

        return true;
    }
}
