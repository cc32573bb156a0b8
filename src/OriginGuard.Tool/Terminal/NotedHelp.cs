using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace OriginGuard.Tool.Terminal;

/// <summary>The usual help under the name by which the tool is called, and behind it the notes of the command.</summary>
internal sealed class NotedHelp(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var configuration = parseResult.InvocationConfiguration;
        var output = configuration.Output;
        using var help = new StringWriter();
        configuration.Output = help;
        var code = usual.Invoke(parseResult);
        configuration.Output = output;

        // The library calls the tool by the file that runs, and that of an installed tool is no command.
        output.Write(help.ToString().Replace($"  {parseResult.RootCommandResult.Command.Name} ", "  originguard ", StringComparison.Ordinal));
        if (parseResult.CommandResult.Command is NotedCommand command)
        {
            output.WriteLine($"{command.Notes}\n");
        }

        return code;
    }
}
