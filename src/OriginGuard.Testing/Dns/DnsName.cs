namespace OriginGuard.Testing.Dns;

/// <summary>What the name of a record can be (RFC 1035, section 2.3.4).</summary>
internal static class DnsName
{
    private const int MaxLength = 255;
    private const int MaxLabelLength = 63;

    /// <exception cref="ArgumentException">No message can hold the name.</exception>
    public static void ThrowIfNone(string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        string[] labels = name == "." ? [] : (name.EndsWith('.') ? name[..^1] : name).Split('.');
        if (!Array.TrueForAll(labels, IsLabel) || labels.Sum(static label => label.Length + 1) + 1 > MaxLength)
        {
            throw new ArgumentException(
                $"No DNS message holds the name {name}: each label has 1 to {MaxLabelLength} characters of ISO 8859-1, and all take at most {MaxLength} octets, the lengths with them (RFC 1035, section 2.3.4).",
                parameter);
        }
    }

    public static bool IsLabel(string text) => text.Length is > 0 and <= MaxLabelLength && !text.AsSpan().ContainsAnyExceptInRange('\0', '\u00FF');
}
