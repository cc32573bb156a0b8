using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace OriginGuard.Tool.Terminal;

/// <summary>The usual help, and behind it the notes of the command.</summary>
internal sealed class NotedHelp(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        if (parseResult.CommandResult.Command is NotedCommand command)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"{command.Notes}\n");
        }

        return code;
    }
}
