using OriginGuard.Tool;
using OriginGuard.Tool.Terminal;

return await CommandLine.RunAsync(args, new ToolContext { Output = Console.Out, Error = Console.Error }, CancellationToken.None);
