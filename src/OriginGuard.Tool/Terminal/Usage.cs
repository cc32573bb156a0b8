using System.CommandLine;

namespace OriginGuard.Tool.Terminal;

/// <summary>Mistakes on the command line that the parser cannot see.</summary>
internal static class Usage
{
    /// <exception cref="ToolFailure">There is one.</exception>
    public static void ThrowAny(ParseResult parsed, IEnumerable<string> mistakes)
    {
        if (mistakes.FirstOrDefault() is { } mistake)
        {
            throw new ToolFailure($"{mistake} See originguard {parsed.CommandResult.Command.Name} --help.");
        }
    }
}
