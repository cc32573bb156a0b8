using OriginGuard.Tool;

return await CommandLine.RunAsync(args, new ToolContext { Output = Console.Out, Error = Console.Error }, CancellationToken.None);
