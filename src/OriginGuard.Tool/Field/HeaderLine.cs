namespace OriginGuard.Tool.Field;

/// <summary>A line of a header, spelled exactly so, repeated or not.</summary>
internal readonly record struct HeaderLine(string Name, string Value)
{
    private const int PaddingLength = 4 * 1024;

    /// <summary>So many octets of headers in lines of 4 KiB: one line alone meets another limit, which servers have for HTTP/2 and HTTP/3.</summary>
    public static HeaderLine[] Padding(int octets) => [.. Enumerable.Range(0, octets / PaddingLength).Select(static number => $"X-Padding-{number}")
        .Select(static name => new HeaderLine(name, new string('0', PaddingLength - name.Length - 4)))];
}
