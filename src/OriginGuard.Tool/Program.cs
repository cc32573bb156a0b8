using OriginGuard.Tool;
using OriginGuard.Tool.Terminal;

var context = new ToolContext
{
    Output = Console.Out,
    Error = Console.Error,
    Colors = Screen.Colors(!Console.IsOutputRedirected, Environment.GetEnvironmentVariable),
    Progress = Screen.Progress(!Console.IsErrorRedirected, Console.Error, Environment.GetEnvironmentVariable),
};
return await CommandLine.RunAsync(args, context, CancellationToken.None);
