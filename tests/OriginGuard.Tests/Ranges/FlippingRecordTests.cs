using System.Globalization;
using Xunit;

namespace OriginGuard.Tests.Ranges;

/// <summary>
/// The supply of ranges under fire: 64 connections to a real Kestrel while the record flips, the DNS server dies and talks nonsense. Here a bounded
/// number of turns at the pace of the refreshes; for a minute of real time, with a turn a second:
/// <code>ORIGINGUARD_LOAD_SECONDS=60 dotnet test tests/OriginGuard.Tests --filter FullyQualifiedName~FlippingRecordTests</code>
/// </summary>
public class FlippingRecordTests(ITestOutputHelper output)
{
    private const int Turns = 40;

    [Fact]
    public async Task Not_one_wrong_verdict_and_not_one_500_while_the_record_flips_and_dns_dies_and_talks_nonsense()
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("ORIGINGUARD_LOAD_SECONDS") ?? "0", CultureInfo.InvariantCulture);
        await using var supply = await FlippingSupply.StartAsync(inRealTime: seconds > 0);
        var load = new ConnectionLoad(supply.Address, () => supply.State);
        var connections = load.Start(
            (FlippingSupply.PeerAlwaysIn, 24, true), (FlippingSupply.PeerNeverIn, 24, false), (FlippingSupply.PeerThatFlips, 16, null));

        var turns = 0;
        for (var ends = TimeProvider.System.GetTimestamp() + (seconds * TimeProvider.System.TimestampFrequency);
             seconds > 0 ? TimeProvider.System.GetTimestamp() < ends : turns < Turns; turns++)
        {
            Assert.False(connections.IsCompleted, "A connection has ended before its time.");
            await load.SeeTrafficAsync();
            await supply.TakeTurnAsync(turns, load.SeeTrafficAsync);
        }

        await load.SeeTrafficAsync();
        load.Stop();
        await connections;

        output.WriteLine($"{turns} turns, {supply.Flips} flips, {supply.Faults} faults, {load.Requests} requests on {supply.Connections} connections, "
            + $"{load.Admitted} admitted, {load.Refused} refused, {load.AroundAFlip} around a flip, {load.Wrong.Count} wrong");
        Assert.Empty(load.Wrong);
        Assert.Equal(64, supply.Connections);
        Assert.InRange(supply.Flips, 10, int.MaxValue);
        Assert.InRange(supply.Faults, 10, int.MaxValue);
        Assert.InRange(load.Admitted, 1000, int.MaxValue);
        Assert.InRange(load.Refused, 1000, int.MaxValue);
    }
}
