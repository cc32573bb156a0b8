using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Ranges;

public class DnsFaultTests
{
    private const string Good = "v=spf1 ip4:34.96.0.0/20";

    private static readonly TimeSpan AttemptTime = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(LoopbackDnsBehavior.Silent)]
    [InlineData(LoopbackDnsBehavior.NameError)]
    [InlineData(LoopbackDnsBehavior.ServerFailure)]
    [InlineData(LoopbackDnsBehavior.Refused)]
    [InlineData(LoopbackDnsBehavior.NotImplemented)]
    [InlineData(LoopbackDnsBehavior.Referral)]
    [InlineData(LoopbackDnsBehavior.WrongId)]
    [InlineData(LoopbackDnsBehavior.WrongQuestion)]
    [InlineData(LoopbackDnsBehavior.WrongSender)]
    [InlineData(LoopbackDnsBehavior.Garbage)]
    [InlineData(LoopbackDnsBehavior.CutShort)]
    [InlineData(LoopbackDnsBehavior.AliasLoop)]
    [InlineData(LoopbackDnsBehavior.StallOverTcp)]
    [InlineData(LoopbackDnsBehavior.CloseOverTcp)]
    [InlineData(LoopbackDnsBehavior.HugeAnswer)]
    public async Task Ranges_stay_in_force_whatever_the_server_does(LoopbackDnsBehavior behavior)
    {
        await using var dns = behavior is LoopbackDnsBehavior.WrongSender ? LoopbackDnsServer.StartUdpOnly() : LoopbackDnsServer.Start();
        dns.SetTxt(SourceAddressOptions.GoogleRecordName, Good);
        await using var app = await StartAsync(dns);
        dns.Behave(behavior);

        await UntilAsync(app, () => app.Logs.WithId(4103).Any());

        Assert.Equal((200, 403), (await StatusAsync(app, "34.96.1.1"), await StatusAsync(app, "192.0.2.66")));

        dns.Behave(LoopbackDnsBehavior.Answer);
        dns.SetTxt(SourceAddressOptions.GoogleRecordName, "v=spf1 ip4:35.1.0.0/16");
        await UntilAsync(app, () => app.Logs.WithId(4101).Count() == 2);
        Assert.Equal((403, 200), (await StatusAsync(app, "34.96.1.1"), await StatusAsync(app, "35.1.0.1")));
    }

    [Fact]
    public async Task Ranges_stay_in_force_when_the_server_dies_and_it_is_asked_again_when_it_comes_back()
    {
        var dns = LoopbackDnsServer.Start();
        dns.SetTxt(SourceAddressOptions.GoogleRecordName, Good);
        await using var app = await StartAsync(dns);
        await dns.DisposeAsync();

        await UntilAsync(app, () => app.Logs.WithId(4103).Any());
        Assert.Equal(200, await StatusAsync(app, "34.96.1.1"));

        await using var again = LoopbackDnsServer.Start(dns.EndPoint);
        again.SetTxt(SourceAddressOptions.GoogleRecordName, "v=spf1 ip4:35.1.0.0/16");
        await UntilAsync(app, () => app.Logs.WithId(4101).Count() == 2);
        Assert.Equal((403, 200), (await StatusAsync(app, "34.96.1.1"), await StatusAsync(app, "35.1.0.1")));
    }

    private static Task<GuardedApp> StartAsync(LoopbackDnsServer dns) => GuardedApp.StartAsync(new Dictionary<string, string?>
    {
        ["OriginGuard:Dns:Servers:0"] = $"{dns.EndPoint}",
        ["OriginGuard:Dns:Timeout"] = $"{AttemptTime}",
        ["OriginGuard:Dns:Attempts"] = "1",
    });

    /// <summary>
    /// Waits, and lets the first timer fire whenever nothing else has happened for a while: the sleep of the loop, or the time of an attempt that nobody answers.
    /// One at a time and no further than that, so that no move of the clock runs on into what comes behind it.
    /// </summary>
    private static Task UntilAsync(GuardedApp app, Func<bool> reached)
    {
        var looks = 0;
        return SupplyScene.UntilAsync(() =>
        {
            if (++looks % 5000 == 0 && app.Clock.ArmedTimers is [var first, ..])
            {
                app.Clock.Advance(first);
            }

            return reached();
        });
    }

    private static async Task<int> StatusAsync(GuardedApp app, string peer) => (await app.SendAsync(System.Net.IPAddress.Parse(peer))).Response.StatusCode;
}
