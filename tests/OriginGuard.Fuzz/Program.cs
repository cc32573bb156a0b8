using OriginGuard.Fuzz.Targets;
using SharpFuzz;

// TARGET alone is what afl-fuzz runs; TARGET FILE... plays inputs again, a crash that was found or a seed.
if (args.Length == 0 || !FuzzTargets.All.TryGetValue(args[0], out var play))
{
    await Console.Error.WriteLineAsync($"OriginGuard.Fuzz TARGET [FILE...], where TARGET is one of {string.Join(", ", FuzzTargets.All.Keys)}");
    return 2;
}

if (args.Length == 1)
{
    // In a process of its own, so that afl-fuzz can end an input that hangs, and an exhausted stack is a finding and not the end of the run.
    Fuzzer.OutOfProcess.Run(stream =>
    {
        using var input = new MemoryStream();
        stream.CopyTo(input);
        _ = play(input.ToArray());
    });
    return 0;
}

foreach (var file in args[1..])
{
    var isRead = play(await File.ReadAllBytesAsync(file));
    Console.WriteLine($"{(isRead ? "read" : "refused")} {file}");
}

return 0;
