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
          originguard completions zsh >> ~/.zshrc
          originguard completions fish > ~/.config/fish/completions/originguard.fish
          originguard completions pwsh >> $PROFILE
        """;

    private const string Bash = """
        _originguard() {
          local IFS=$'\n'
          COMPREPLY=($(originguard "[suggest:$COMP_POINT]" "$COMP_LINE" 2> /dev/null))
        }
        complete -o default -F _originguard originguard

        """;

    // Behind compinit, which brings compdef.
    private const string Zsh = """
        _originguard() {
          local -a found
          found=("${(@f)$(originguard "[suggest:$CURSOR]" "$BUFFER" 2> /dev/null)}")
          compadd -- "${(@)found:#}"
        }
        compdef _originguard originguard

        """;

    private const string Fish = """
        function __originguard
          set -l line (commandline -cp)
          originguard "[suggest:"(string length -- "$line")"]" "$line" 2> /dev/null
        end
        complete -c originguard -f -a "(__originguard)"

        """;

    // The shell gives the words without the blank behind them.
    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName originguard -ScriptBlock {
          param($word, $command, $cursor)
          $at = $cursor - $command.Extent.StartOffset
          originguard "[suggest:$at]" "$command".PadRight($at) 2> $null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }

        """;

    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal) { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish, ["pwsh"] = PowerShell };

    public static Command Create(ToolContext context)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or pwsh" };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var command = new NotedCommand("completions", Description, Notes) { shell };
        command.SetAction(async parsed =>
        {
            await context.PrintAsync(Scripts[parsed.GetValue(shell)!]);
            return ExitCode.Ok;
        });
        return command;
    }
}
