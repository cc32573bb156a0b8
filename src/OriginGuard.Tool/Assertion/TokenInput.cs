using System.Text;
using OriginGuard.Iap;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Assertion;

/// <summary>Reads an assertion from a file or standard input: no more of it than an assertion can have.</summary>
internal static class TokenInput
{
    // White space around it is left out, and what is longer is malformed however long it is.
    private const int MaxLength = IapAssertionReader.MaxLength + 1024;

    private static readonly string[] Wrappings = [$"{IapDefaults.AssertionHeader}:", "Authorization:", "Bearer "];

    /// <summary>
    /// The assertion in what somebody copied: without the name of the header and the word Bearer in front of it, without quotes around it, and without the line
    /// breaks of a terminal or a mail. None of these can be part of an assertion; a blank inside it stays, and is named as a mistake.
    /// </summary>
    public static string Unwrap(string text)
    {
        text = Trimmed(text);
        foreach (var wrapping in Wrappings.Where(wrapping => text.StartsWith(wrapping, StringComparison.OrdinalIgnoreCase)))
        {
            text = Trimmed(text[wrapping.Length..]);
        }

        return text.Contains('\n', StringComparison.Ordinal) ? string.Concat(text.Split('\n').Select(static line => line.Trim())) : text;
    }

    public static async Task<string> ReadAsync(string source, string what, ToolContext context, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = source == "-" ? context.OpenInput() : File.OpenRead(source);
            var buffer = new byte[MaxLength];
            var length = await stream.ReadAtLeastAsync(buffer, MaxLength, throwOnEndOfStream: false, cancellationToken);
            return Unwrap(Encoding.UTF8.GetString(buffer, 0, length));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Without the name: it may be the assertion itself.
            throw new ToolFailure(
                $"the {what} cannot be read: {Problem(failure)}. Give a file, or - and the {what} on standard input; never the {what} as an argument, where other users of this machine see it.");
        }
    }

    private static string Problem(Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "it is a directory, or this user may not read it",
        _ => "that is no path of a file that can be read",
    };

    private static string Trimmed(string text) => text.Trim('\uFEFF', ' ', '\t', '\r', '\n', '"', '\'');
}
