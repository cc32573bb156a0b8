using System.Globalization;
using OriginGuard.Sample.Attempts;
using OriginGuard.Sample.Simulated;

namespace OriginGuard.Sample.Walkthrough;

/// <summary>Plays every attempt in turn and compares what came of it with what had to.</summary>
internal static class WalkthroughRun
{
    /// <summary>Every port ephemeral, so that it runs beside another sample; a quiet console, unless somebody asks for its log.</summary>
    public static string[] Arguments(string[] args) =>
    [
        "--Logging:LogLevel:Default=None",
        .. args,
        "--urls=http://127.0.0.1:0",
        "--Sample:Simulator=true",
        "--Sample:SimulatorPort=0",
        "--Sample:DnsPort=0",
        "--Sample:Iap=true",
    ];

    /// <returns>Whether everything came as expected.</returns>
    public static async Task<bool> PlayAsync(Simulation simulation, TextWriter output, CancellationToken cancellationToken)
    {
        var attempts = AttemptCatalogue.For(simulation);
        var player = new AttemptPlayer(simulation, TimeProvider.System);
        var table = new WalkthroughTable(attempts, output);
        await output.WriteLineAsync();
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"OriginGuard walkthrough: {attempts.Count} requests over real sockets, on loopback"));
        await table.WriteHeadAsync();
        var right = 0;
        foreach (var attempt in attempts)
        {
            var result = await player.PlayAsync(attempt, cancellationToken);
            right += result.AsExpected ? 1 : 0;
            await table.WriteAsync(attempt, result);
        }

        await output.WriteLineAsync();
        await output.WriteLineAsync(right == attempts.Count
            ? string.Create(CultureInfo.InvariantCulture, $"All {attempts.Count} came as expected.")
            : string.Create(CultureInfo.InvariantCulture, $"{attempts.Count - right} of {attempts.Count} differ."));
        return right == attempts.Count;
    }
}
