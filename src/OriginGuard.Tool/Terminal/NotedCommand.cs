using System.CommandLine;

namespace OriginGuard.Tool.Terminal;

/// <summary>A command whose own help says more than the line that the list of commands has room for.</summary>
internal sealed class NotedCommand(string name, string description, string notes) : Command(name, description)
{
    public string Notes => notes;
}
