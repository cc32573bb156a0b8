namespace OriginGuard.Tool.Terminal;

/// <summary>Whether somebody watches, and what they can see: colours and progress are for a terminal, never for a pipe, a file or a log.</summary>
internal static class Screen
{
    /// <summary>The colours of standard output.</summary>
    /// <param name="isTerminal">Whether standard output is one.</param>
    /// <param name="variable">The environment; <c>NO_COLOR</c> that is not empty turns colours off (no-color.org).</param>
    public static Palette Colors(bool isTerminal, Func<string, string?> variable) =>
        isTerminal && Understands(variable) && string.IsNullOrEmpty(variable("NO_COLOR")) ? Palette.Colored : Palette.Plain;

    /// <summary>The line of progress.</summary>
    /// <param name="isTerminal">Whether standard error is one.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="variable">The environment.</param>
    public static ProgressLine Progress(bool isTerminal, TextWriter error, Func<string, string?> variable) => isTerminal && Understands(variable) ? new ProgressLine(error) : ProgressLine.None;

    // A console of Windows says of itself only when it is the one that reads control sequences.
    private static bool Understands(Func<string, string?> variable) =>
        variable("TERM") is { Length: > 0 } terminal ? terminal != "dumb" : !string.IsNullOrEmpty(variable("WT_SESSION"));
}
