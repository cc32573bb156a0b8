using System.Text;
using OriginGuard.Iap;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Assertion;

/// <summary>Reads an assertion from a file or standard input: no more of it than an assertion can have.</summary>
internal static class TokenInput
{
    // White space around it is left out, and what is longer is malformed however long it is.
    private const int MaxLength = IapAssertionReader.MaxLength + 1024;

    public static async Task<string> ReadAsync(string source, ToolContext context, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = source == "-" ? context.OpenInput() : File.OpenRead(source);
            var buffer = new byte[MaxLength];
            var length = await stream.ReadAtLeastAsync(buffer, MaxLength, throwOnEndOfStream: false, cancellationToken);
            return Encoding.UTF8.GetString(buffer, 0, length).Trim('\uFEFF', ' ', '\t', '\r', '\n');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Without the name: it may be the assertion itself.
            throw new ToolFailure(
                $"the assertion cannot be read ({failure.GetType().Name}). Give a file, or - and the assertion on standard input; never the assertion as an argument, where other users of this machine see it.");
        }
    }
}
