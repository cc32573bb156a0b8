using System.Text.RegularExpressions;

namespace OriginGuard.References;

/// <summary>Finds the reference in what somebody has copied: alone, in quotes, or with the answer or the line of the log around it.</summary>
internal static partial class ReferenceText
{
    /// <summary>The reference; null where nothing has its form. As it stands first: on the line below one that is whole, something else may begin.</summary>
    public static string? Find(string text) => FindWhole(text) ?? FindWhole(Unwrapped(text));

    private static string? FindWhole(string text) => Run().Matches(text).FirstOrDefault(static run => run.Length == ReferenceKey.ReferenceLength)?.Value;

    // A terminal or a letter breaks what is longer than a line.
    private static string Unwrapped(string text) => LineBreak().Replace(text, "");

    [GeneratedRegex("[A-Za-z0-9_-]+")]
    private static partial Regex Run();

    [GeneratedRegex(@"(?<=[A-Za-z0-9_-])[ \t]*\r?\n[ \t>]*(?=[A-Za-z0-9_-])")]
    private static partial Regex LineBreak();
}
