namespace OriginGuard.Tests.Testing;

/// <summary>Header lines as people write them.</summary>
internal static class HeaderText
{
    public static KeyValuePair<string, string>[] Parse(params IEnumerable<string> lines) =>
        [.. lines.Select(line => line.Split(": ", 2)).Select(parts => new KeyValuePair<string, string>(parts[0], parts[1]))];

    public static string[] Format(IEnumerable<KeyValuePair<string, string>> lines) => [.. lines.Select(line => $"{line.Key}: {line.Value}")];
}
