using OriginGuard.Sample.Settings;
using OriginGuard.Sample.Walkthrough;

namespace OriginGuard.Sample;

/// <summary>The sample as a command: starts it, says where to go, and turns what cannot start into plain lines.</summary>
internal static class SampleProgram
{
    private const int Failed = 1;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, CancellationToken stop = default)
    {
        var walks = args is ["walkthrough", ..];
        SampleHost sample;
        try
        {
            sample = await SampleHost.StartAsync(walks ? WalkthroughRun.Arguments(args[1..]) : args, cancellationToken: stop);
        }
        catch (Exception exception) when (StartMistakes.Describe(exception) is { Count: > 0 } lines)
        {
            foreach (var line in lines)
            {
                await error.WriteLineAsync(line);
            }

            return Failed;
        }

        await using (sample)
        {
            if (walks)
            {
                return await WalkthroughRun.PlayAsync(sample.Simulation!, output, stop) ? 0 : Failed;
            }

            await output.WriteAsync(Banner.Of(sample));
            await sample.WaitForShutdownAsync(stop);
            return 0;
        }
    }
}
