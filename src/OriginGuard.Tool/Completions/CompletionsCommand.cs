using System.CommandLine;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Completions;

/// <summary><c>originguard completions</c>: what a shell asks when somebody presses Tab. The answers are the parser's own, so they are those of the installed version.</summary>
internal static class CompletionsCommand
{
    private const string Description = "Print the script by which a shell completes commands, options and values.";

    private const string Notes = """
        Examples:
          originguard completions bash >> ~/.bashrc
          originguard completions fish > ~/.config/fish/completions/originguard.fish
        """;

    private const string Bash = """
        _originguard() {
          local IFS=$'\n'
          COMPREPLY=($(originguard "[suggest:$COMP_POINT]" "$COMP_LINE" 2> /dev/null))
        }
        complete -o default -F _originguard originguard

        """;

    private const string Fish = """
        function __originguard
          set -l line (commandline -cp)
          originguard "[suggest:"(string length -- "$line")"]" "$line" 2> /dev/null
        end
        complete -c originguard -f -a "(__originguard)"

        """;

    public static Command Create(ToolContext context)
    {
        var shell = new Argument<string>("shell") { Description = "bash or fish" };
        shell.AcceptOnlyFromAmong("bash", "fish");
        var command = new NotedCommand("completions", Description, Notes) { shell };
        command.SetAction(async parsed =>
        {
            await context.Output.WriteAsync(parsed.GetValue(shell) is "bash" ? Bash : Fish);
            return ExitCode.Ok;
        });
        return command;
    }
}
