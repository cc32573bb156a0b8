using System.Globalization;
using System.Net;
using OriginGuard.Benchmarks.EndToEnd;
using OriginGuard.Benchmarks.Ranges;
using OriginGuard.Benchmarks.Results;
using OriginGuard.Benchmarks.Statistics;

namespace OriginGuard.Benchmarks.Poptrie;

/// <summary>The trie and a poptrie in C in turns, on the same networks and addresses, so that both meet the same machine.</summary>
internal static class PoptrieRun
{
    private const int Addresses = 1 << 18;
    private const int Passes = 8;
    private const int Rounds = 60;
    private const int QuickRounds = 3;
    private const double WarmUpSeconds = 1;

    /// <returns>Nothing where there is no compiler for C.</returns>
    public static async Task<IReadOnlyList<PoptrieFigure>> MeasureAsync(bool isQuick)
    {
        if (await PoptrieProgram.BuildAsync() is not { } program)
        {
            await Console.Error.WriteLineAsync("gcc is not installed: no poptrie.");
            return [];
        }

        List<PoptrieFigure> figures = [];
        foreach (var networks in new[] { 2, 1_000, 900_000 })
        {
            figures.Add(Say(await MeasureIpv4Async(program, MeasuredNetworks.Ipv4(networks), isQuick)));
        }

        foreach (var networks in new[] { 2, 1_000, 160_000 })
        {
            figures.Add(Say(await MeasureIpv6Async(program, MeasuredNetworks.Ipv6(networks), isQuick)));
        }

        return figures;
    }

    private static Task<PoptrieFigure> MeasureIpv4Async(string program, IPNetwork[] networks, bool isQuick)
    {
        var (trie, addresses) = (CidrTrie.Create(networks), Traffic.Ipv4(networks, Addresses));
        var table = PoptrieProgram.WriteTable(networks, [.. addresses.Select(static address => (UInt128)address << 96)], 32);
        return MeasureAsync(program, table, PoptrieFigure.Ipv4, networks.Length, () => Traffic.CountInside(trie, addresses), isQuick);
    }

    private static Task<PoptrieFigure> MeasureIpv6Async(string program, IPNetwork[] networks, bool isQuick)
    {
        var (trie, addresses) = (CidrTrie.Create(networks), Traffic.Ipv6(networks, Addresses));
        var table = PoptrieProgram.WriteTable(networks, addresses, 128);
        return MeasureAsync(program, table, PoptrieFigure.Ipv6, networks.Length, () => Traffic.CountInside(trie, addresses), isQuick);
    }

    private static async Task<PoptrieFigure> MeasureAsync(string program, string table, string family, int networks, Func<int> pass, bool isQuick)
    {
        await using var peer = ChildProcess.StartProgram(program, table);
        var (ours, theirs) = await TakeTurnsAsync(peer, pass, isQuick);
        return new PoptrieFigure(family, networks, ours, theirs);
    }

    private static async Task<(List<double> Ours, List<double> Theirs)> TakeTurnsAsync(ChildProcess peer, Func<int> pass, bool isQuick)
    {
        for (var warmUp = new Deadline(WarmUpSeconds); !warmUp.HasPassed;)
        {
            pass();
        }

        await AskAsync(peer);
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < (isQuick ? QuickRounds : Rounds); round++)
        {
            var start = TimeProvider.System.GetTimestamp();
            var inside = 0;
            for (var i = 0; i < Passes; i++)
            {
                inside = pass();
            }

            ours.Add(TimeProvider.System.GetElapsedTime(start).TotalNanoseconds / Passes / Addresses);
            var (nanoseconds, found) = await AskAsync(peer);
            theirs.Add(nanoseconds);
            if (found != inside)
            {
                throw new InvalidOperationException($"The trie finds {inside} addresses inside, the poptrie {found}.");
            }
        }

        return (ours, theirs);
    }

    private static async Task<(double Nanoseconds, int Inside)> AskAsync(ChildProcess peer)
    {
        var words = (await peer.AskAsync(Passes.ToString(CultureInfo.InvariantCulture))).Split(' ');
        return (double.Parse(words[0], CultureInfo.InvariantCulture), int.Parse(words[1], CultureInfo.InvariantCulture));
    }

    private static PoptrieFigure Say(PoptrieFigure figure)
    {
        var (ours, theirs) = (Spread.Of(figure.Trie).Median, Spread.Of(figure.Poptrie).Median);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{figure.Family} {figure.Networks,9:N0} networks: {ours:0.00} ns, poptrie {theirs:0.00} ns, ratio {figure.Ratio().Median:0.00}"));
        return figure;
    }
}
