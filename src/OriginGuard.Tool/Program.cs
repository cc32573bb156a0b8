using OriginGuard.Tool;

return await CommandLine.RunAsync(args, new Surroundings { Output = Console.Out, Error = Console.Error }, CancellationToken.None);
