using OriginGuard.Benchmarks;

return await Commands.RunAsync(args);
