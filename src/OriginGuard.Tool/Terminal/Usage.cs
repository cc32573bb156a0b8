using System.CommandLine;
using System.CommandLine.Parsing;

namespace OriginGuard.Tool.Terminal;

/// <summary>Mistakes on the command line that the parser cannot see.</summary>
internal static class Usage
{
    /// <exception cref="ToolFailure">There is one; it names them all.</exception>
    public static void ThrowAny(ParseResult parsed, IEnumerable<string> mistakes)
    {
        string[] all = [.. mistakes];
        if (all.Length > 0)
        {
            throw new ToolFailure($"{string.Join(' ', all)} See originguard {Path(parsed.CommandResult)} --help.");
        }
    }

    /// <summary>The words that lead to a command, without the tool's own.</summary>
    private static string Path(CommandResult command) =>
        command.Parent is CommandResult { Parent: not null } parent ? $"{Path(parent)} {command.Command.Name}" : command.Command.Name;
}
