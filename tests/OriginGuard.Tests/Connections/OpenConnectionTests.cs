using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.TestKit;
using OriginGuard.Tests.Ranges;
using Xunit;
using static OriginGuard.Tests.Connections.GuardedListener;

namespace OriginGuard.Tests.Connections;

/// <summary>What becomes of connections that were opened before the ranges or the settings changed.</summary>
public sealed class OpenConnectionTests
{
    private const string Record = "_ranges.example";

    [Fact]
    public async Task An_idle_connection_from_a_range_that_has_gone_is_closed_and_others_stay()
    {
        await using var listener = await StartAsync(("SourceAddress:Networks:1", "127.6.0.0/16"));
        using var going = await listener.ConnectAsync(Inside);
        using var staying = await listener.ConnectAsync(IPAddress.Parse("127.6.1.1"));
        await going.AskAsync("/");
        await staying.AskAsync("/");

        listener.Reload((NetworksKey, "127.5.0.0/16"));

        Assert.Equal("", await going.ReadToEndAsync());
        Assert.StartsWith("HTTP/1.1 200", await staying.AskAsync("/"), StringComparison.Ordinal);
        await SupplyScene.UntilAsync(() => listener.Guard.OpenCount is 1 && listener.WithId(4404).Any());
        Assert.StartsWith("1 open", Assert.Single(listener.WithId(4404)).Message, StringComparison.Ordinal);
        Assert.Empty(listener.Complaints());
    }

    [Fact]
    public async Task A_request_in_flight_is_answered_before_its_connection_closes()
    {
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var listener = await StartAsync(
            static kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseOriginGuard()),
            app => app.Run(async context =>
            {
                asked.TrySetResult();
                await answer.Task;
                await context.Response.WriteAsync("late but whole");
            }),
            null);
        using var client = await listener.ConnectAsync(Inside);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: origin.test\r\n\r\n");
        await asked.Task;

        listener.Reload((NetworksKey, "127.5.0.0/16"));
        await SupplyScene.UntilAsync(() => listener.WithId(4404).Any());
        answer.SetResult();

        var text = await client.ReadToEndAsync();
        Assert.Contains("late but whole", text, StringComparison.Ordinal);
        Assert.EndsWith("0\r\n\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_on_its_way_in_arrives_whole()
    {
        var reading = new TaskCompletionSource();
        await using var listener = await StartAsync(
            static kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseOriginGuard()),
            app => app.Run(async context =>
            {
                using var body = new StreamReader(context.Request.Body);
                reading.TrySetResult();
                await context.Response.WriteAsync(await body.ReadToEndAsync());
            }),
            null);
        using var client = await listener.ConnectAsync(Inside);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: origin.test\r\nContent-Length: 8\r\n\r\nhalf");
        await reading.Task;

        listener.Reload((NetworksKey, "127.5.0.0/16"));
        await SupplyScene.UntilAsync(() => listener.WithId(4404).Any());
        await client.SendAsync("rest");

        Assert.Contains("halfrest", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upgraded_connection_is_a_request_in_flight_and_lasts_until_one_side_ends_it()
    {
        await using var listener = await StartAsync(
            static kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseOriginGuard()),
            static app => app.Run(static async context =>
            {
                await using var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
                var one = new byte[1];
                while (await stream.ReadAsync(one, context.RequestAborted) > 0 && one[0] != (byte)'.')
                {
                    await stream.WriteAsync(one, context.RequestAborted);
                }
            }),
            null);
        using var client = await listener.ConnectAsync(Inside);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: origin.test\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nx");
        while (await client.ReadByteAsync() is not (byte)'x')
        {
        }

        listener.Reload((NetworksKey, "127.5.0.0/16"));
        await SupplyScene.UntilAsync(() => listener.WithId(4404).Any());
        await client.SendAsync("y.");

        Assert.Equal("y", await client.ReadToEndAsync());
        await SupplyScene.UntilAsync(() => listener.Guard.OpenCount is 0);
    }

    [Fact]
    public async Task Over_http2_the_server_says_goodbye_and_answers_what_was_asked_before()
    {
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var listener = await StartAsync(
            static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.UseOriginGuard();
            }),
            app => app.Run(async context =>
            {
                asked.TrySetResult();
                await answer.Task;
                await context.Response.WriteAsync("late but whole");
            }),
            null);
        using var client = await listener.ConnectAsync(Inside);
        var http2 = new Http2Client(client);
        await http2.StartAsync();
        await http2.AskAsync(1);
        await asked.Task;

        listener.Reload((NetworksKey, "127.5.0.0/16"));
        await http2.ReadUntilAsync(Http2Client.IsGoAway);
        answer.SetResult();

        var (_, data) = await http2.ReadUntilAsync(Http2Client.IsEndOfStream);
        Assert.Equal("late but whole", data);
        Assert.Equal("", await SkipGoodbyesAsync(http2));
        await SupplyScene.UntilAsync(() => listener.Guard.OpenCount is 0);
    }

    [Fact]
    public async Task A_refresh_with_the_same_networks_closes_nothing_and_one_without_them_does()
    {
        var dns = new ScriptedTxtResolver().Answer(Record, "v=spf1 ip4:127.9.0.0/16 ip4:127.4.0.0/16 ~all");
        await using var listener = await StartAsync(
            static kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseOriginGuard()), null, services => services.AddSingleton<ITxtResolver>(dns), OverDns);
        using var client = await listener.ConnectAsync(Inside);
        await client.AskAsync("/");

        // The same in another order, and one more.
        dns.Answer(Record, "v=spf1 ip4:127.4.0.0/16 ip4:127.9.0.0/16 ~all");
        await RefreshAsync(listener, dns);
        dns.Answer(Record, "v=spf1 ip4:127.4.0.0/16 ip4:127.9.0.0/16 ip4:127.3.0.0/16 ~all");
        await RefreshAsync(listener, dns);
        Assert.StartsWith("HTTP/1.1 200", await client.AskAsync("/"), StringComparison.Ordinal);
        Assert.Empty(listener.WithId(4404));

        dns.Answer(Record, "v=spf1 ip4:127.4.0.0/16 ~all");
        await RefreshAsync(listener, dns);
        Assert.Equal("", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task Ranges_that_grow_too_old_refuse_new_connections_and_leave_open_ones_to_the_middleware()
    {
        var dns = new ScriptedTxtResolver().Answer(Record, "v=spf1 ip4:127.9.0.0/16 ~all");
        await using var listener = await StartAsync(
            static kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseOriginGuard()), null, services => services.AddSingleton<ITxtResolver>(dns), OverDns);
        using var client = await listener.ConnectAsync(Inside);
        await client.AskAsync("/");

        dns.Gate = static (_, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        listener.Clock.Advance(TimeSpan.FromDays(8));

        Assert.False(await listener.AnswersAsync(Inside));
        Assert.Contains("address.ranges_unavailable", Assert.Single(listener.WithId(4402)).Message, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 503", await client.AskAsync("/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ReportOnly")]
    [InlineData("Disabled")]
    public async Task Who_was_only_let_pass_is_closed_once_the_guard_enforces(string mode)
    {
        await using var listener = await StartAsync(("Mode", mode));
        using var stranger = await listener.ConnectAsync(Stranger);
        using var inside = await listener.ConnectAsync(Inside);
        await stranger.AskAsync("/");
        await inside.AskAsync("/");

        listener.Reload(("Mode", "Enforce"));

        Assert.Equal("", await stranger.ReadToEndAsync());
        Assert.StartsWith("HTTP/1.1 200", await inside.AskAsync("/"), StringComparison.Ordinal);
    }

    /// <summary>Nobody can tell who is a stranger: what is open stays so, its requests get 503, and the first answer parts them.</summary>
    [Fact]
    public async Task A_reload_to_a_record_that_nobody_has_read_yet_closes_nothing_until_it_is_read()
    {
        var dns = new ScriptedTxtResolver().Answer(Record, "v=spf1 ip4:127.9.0.0/16 ~all");
        var gate = new TaskCompletionSource();
        dns.Gate = (_, cancellationToken) => gate.Task.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        await using var listener = await StartAsync(
            static kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseOriginGuard()), null, services => services.AddSingleton<ITxtResolver>(dns), [.. OverDns, ("Mode", "Disabled")]);
        using var client = await listener.ConnectAsync(Inside);
        using var impatient = await listener.ConnectAsync(Inside);
        using var stranger = await listener.ConnectAsync(Stranger);
        await client.AskAsync("/");
        await impatient.AskAsync("/");
        await stranger.AskAsync("/");

        listener.Reload(("Mode", "Enforce"));
        await SupplyScene.UntilAsync(() => dns.Calls > 0);
        Assert.StartsWith("HTTP/1.1 503", await impatient.AskAsync("/"), StringComparison.Ordinal);
        Assert.Equal((3, 0), (listener.Guard.OpenCount, listener.WithId(4404).Count()));

        gate.SetResult();
        Assert.Equal("", await stranger.ReadToEndAsync());
        Assert.StartsWith("HTTP/1.1 200", await client.AskAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_that_changes_ranges_and_rests_at_once_closes_nothing()
    {
        await using var listener = await StartAsync();
        using var client = await listener.ConnectAsync(Inside);
        await client.AskAsync("/");

        listener.Reload((NetworksKey, "127.5.0.0/16"), ("Mode", "ReportOnly"));

        Assert.StartsWith("HTTP/1.1 200", await client.AskAsync("/"), StringComparison.Ordinal);
        Assert.Empty(listener.WithId(4404));
    }

    [Fact]
    public async Task A_connection_that_ends_by_itself_is_forgotten()
    {
        await using var listener = await StartAsync();
        for (var i = 0; i < 20; i++)
        {
            using var client = await listener.ConnectAsync(Inside);
            await client.AskAsync("/");
        }

        await SupplyScene.UntilAsync(() => listener.Guard.OpenCount is 0);
    }

    [Fact]
    public async Task Peers_that_reset_at_once_or_never_say_a_word_are_no_strangers_and_are_forgotten()
    {
        await using var listener = await StartAsync();
        List<LoopbackClient> silent = [];
        for (var i = 0; i < 100; i++)
        {
            silent.Add(await listener.ConnectAsync(Inside));
            using var reset = await listener.ConnectAsync(Inside);
            reset.ResetOnClose();
        }

        await SupplyScene.UntilAsync(() => listener.Guard.OpenCount == silent.Count);
        silent.ForEach(static client => client.Dispose());
        await SupplyScene.UntilAsync(() => listener.Guard.OpenCount is 0);

        Assert.Equal(0, listener.Refused);
        Assert.Empty(listener.WithId(4402));
        Assert.Empty(listener.Complaints());
    }

    [Fact]
    public async Task The_server_shuts_down_with_open_connections()
    {
        var listener = await StartAsync();
        using var client = await listener.ConnectAsync(Inside);
        await client.AskAsync("/");

        await listener.DisposeAsync();

        Assert.Equal("", await client.ReadToEndAsync());
        Assert.Equal(0, listener.Guard.OpenCount);
    }

    private static (string Key, string? Value)[] OverDns =>
    [
        ("SourceAddress:RecordNames", null), ("SourceAddress:RecordNames:0", Record), (NetworksKey, null), ("SourceAddress:AllowNonPublicNetworks", "true"),
    ];

    private static async Task RefreshAsync(GuardedListener listener, ScriptedTxtResolver dns)
    {
        var asked = dns.Calls;
        await SupplyScene.UntilAsync(() => SupplyScene.SleepOf(listener.Refresher, listener.Clock) is not null);
        listener.Clock.Advance(SupplyScene.SleepOf(listener.Refresher, listener.Clock)!.Value);
        await SupplyScene.UntilAsync(() => dns.Calls > asked && SupplyScene.SleepOf(listener.Refresher, listener.Clock) is not null);
    }

    private static async Task<string> SkipGoodbyesAsync(Http2Client http2) => (await http2.ReadUntilAsync(static (_, _) => false)).Data;
}
