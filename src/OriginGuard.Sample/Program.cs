return await OriginGuard.Sample.SampleProgram.RunAsync(args, Console.Out, Console.Error);
