namespace OriginGuard.Tool.Field;

/// <summary>A line of a header, spelled exactly so, repeated or not.</summary>
internal readonly record struct HeaderLine(string Name, string Value)
{
    private const int PaddingLength = 4 * 1024;

    /// <summary>So many octets of headers in lines of at most 4 KiB: one line alone meets another limit, which servers have for HTTP/2 and HTTP/3.</summary>
    /// <param name="octets">A multiple of 1,024.</param>
    public static HeaderLine[] Padding(int octets) =>
        [.. Enumerable.Range(0, (octets + PaddingLength - 1) / PaddingLength).Select(number => PaddingLine($"X-Padding-{number}", Math.Min(PaddingLength, octets - (number * PaddingLength))))];

    private static HeaderLine PaddingLine(string name, int octets) => new(name, new string('0', octets - name.Length - 4));
}
