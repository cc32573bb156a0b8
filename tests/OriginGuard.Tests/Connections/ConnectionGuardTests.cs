using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using OriginGuard.Tests.Ranges;
using Xunit;
using static OriginGuard.Tests.Connections.GuardedListener;

namespace OriginGuard.Tests.Connections;

public sealed class ConnectionGuardTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("GET / HTTP/1.1\r\nHost: origin.test\r\nX-Forwarded-For: 127.9.1.1\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("PROXY TCP4 127.9.1.1 127.0.0.1 1 80\r\nGET / HTTP/1.1\r\nHost: origin.test\r\n\r\n")]
    public async Task A_stranger_is_hung_up_on_without_a_byte(string text)
    {
        await using var listener = await StartAsync();
        using var client = await listener.ConnectAsync(Stranger);

        await client.SendAsync(text);

        Assert.Equal("", await client.ReadToEndAsync());
        Assert.Equal(1, listener.Refused);
        Assert.Empty(listener.Complaints());
    }

    [Fact]
    public async Task A_peer_inside_the_ranges_is_served()
    {
        await using var listener = await StartAsync();
        using var client = await listener.ConnectAsync(Inside);

        Assert.Contains("127.9.1.1", await client.AskAsync("/"), StringComparison.Ordinal);
        Assert.Contains("127.9.1.1", await client.AskAsync("/"), StringComparison.Ordinal);
        Assert.Equal(0, listener.Refused);
    }

    [Fact]
    public async Task Before_UseHttps_a_stranger_gets_no_handshake_and_a_peer_speaks_either_protocol()
    {
        using var certificate = new LoopbackCertificate();
        var handshakes = 0;
        await using var listener = await StartAsync(listen => listen.UseOriginGuard().UseHttps(https => https.ServerCertificateSelector = (_, _) =>
        {
            Interlocked.Increment(ref handshakes);
            return certificate.Certificate;
        }));

        await Assert.ThrowsAsync<IOException>(() => HandshakeAsync(listener, Stranger, SslApplicationProtocol.Http2));
        Assert.Equal((0, 1), (Volatile.Read(ref handshakes), listener.Refused));

        Assert.Equal(SslApplicationProtocol.Http2, await HandshakeAsync(listener, Inside, SslApplicationProtocol.Http2));
        Assert.Equal(SslApplicationProtocol.Http11, await HandshakeAsync(listener, Inside, SslApplicationProtocol.Http11));
        Assert.Equal((2, 1), (Volatile.Read(ref handshakes), listener.Refused));
        Assert.Empty(listener.WithId(4406));
    }

    [Fact]
    public async Task After_UseHttps_it_refuses_after_the_handshake_and_warns_once()
    {
        using var certificate = new LoopbackCertificate();
        await using var listener = await StartAsync(listen => listen.UseHttps(certificate.Certificate).UseOriginGuard());

        await HandshakeAsync(listener, Stranger, SslApplicationProtocol.Http11);
        await HandshakeAsync(listener, Stranger, SslApplicationProtocol.Http11);
        await SupplyScene.UntilAsync(() => listener.Refused is 2);

        Assert.Contains("before UseHttps", Assert.Single(listener.WithId(4406)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_cleartext_http2_the_middleware_sees_the_peer_that_the_connection_guard_saw()
    {
        await using var listener = await StartAsync(static listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseOriginGuard();
            listen.Use(static next => connection =>
            {
                // What another connection middleware may do to what a request shows of its connection.
                connection.RemoteEndPoint = new IPEndPoint(IPAddress.Parse("203.0.113.9"), 1);
                connection.Features.Set<IConnectionSocketFeature>(null);
                return next(connection);
            });
        });
        using var inside = SimulatedLoadBalancer.CreateDirectClient(listener.Address, Inside);
        using var stranger = SimulatedLoadBalancer.CreateDirectClient(listener.Address, Stranger);

        Assert.Equal("127.9.1.1", await AskHttp2Async(inside, listener.Address));
        await Assert.ThrowsAsync<HttpRequestException>(() => AskHttp2Async(stranger, listener.Address));
    }

    [Fact]
    public async Task A_stranger_of_a_dual_stack_listener_is_refused_and_a_peer_is_not()
    {
        await using var listener = await StartAsync(kestrel => kestrel.ListenAnyIP(0, listen => listen.UseOriginGuard()), null, null);

        Assert.Equal((true, false), (await listener.AnswersAsync(Inside), await listener.AnswersAsync(Stranger)));
    }

    [Fact]
    public async Task Calling_it_twice_on_a_listener_counts_once()
    {
        await using var listener = await StartAsync(static listen => listen.UseOriginGuard().UseOriginGuard());

        Assert.Equal((true, false), (await listener.AnswersAsync(Inside), await listener.AnswersAsync(Stranger)));
        Assert.Equal(1, listener.Refused);

        listener.Reload(("Mode", "ReportOnly"));
        Assert.True(await listener.AnswersAsync(Stranger));
        Assert.Equal(2, listener.WithId(4401).Count());
        await SupplyScene.UntilAsync(() => listener.Guard.OpenCount is 0);
    }

    [Fact]
    public async Task What_another_connection_middleware_claims_of_the_peer_does_not_count()
    {
        await using var listener = await StartAsync(static listen =>
        {
            listen.Use(static next => connection =>
            {
                connection.RemoteEndPoint = new IPEndPoint(Inside, 1);
                return next(connection);
            });
            listen.UseOriginGuard();
        });

        Assert.False(await listener.AnswersAsync(Stranger));
    }

    [Theory]
    [InlineData("Mode")]
    [InlineData("SourceAddress:Mode")]
    public async Task In_report_only_it_says_what_it_would_have_refused_and_counts_nothing(string key)
    {
        await using var listener = await StartAsync((key, "ReportOnly"));

        Assert.True(await listener.AnswersAsync(Stranger));
        Assert.Equal(0, listener.Refused);
        var line = Assert.Single(listener.WithId(4402)).Message;
        Assert.Contains("let through", line, StringComparison.Ordinal);
        Assert.Contains("127.8.1.1", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mode", "Disabled")]
    [InlineData("SourceAddress:Mode", "Disabled")]
    [InlineData(NetworksKey, null)]
    public async Task Without_the_address_layer_everybody_passes_and_a_warning_says_so(string key, string? value)
    {
        await using var listener = await StartAsync((key, value), ("SharedSecret:Secrets:0", GuardedApp.Secret));

        Assert.True(await listener.AnswersAsync(Stranger));
        Assert.Empty(listener.WithId(4402));
        Assert.Equal(key is "Mode" ? 0 : 1, listener.WithId(4408).Count());
    }

    [Fact]
    public async Task Settings_that_change_hold_for_the_next_connection()
    {
        await using var listener = await StartAsync();

        listener.Reload((NetworksKey, "127.8.0.0/16"));
        Assert.Equal((false, true), (await listener.AnswersAsync(Inside), await listener.AnswersAsync(Stranger)));

        listener.Reload(("Mode", "ReportOnly"));
        Assert.True(await listener.AnswersAsync(Inside));

        listener.Reload(("Mode", "Enforce"));
        Assert.False(await listener.AnswersAsync(Inside));
    }

    [Fact]
    public async Task Networks_of_an_exemption_are_admitted_on_the_connection_and_no_further()
    {
        await using var listener = await StartAsync(("Exemptions:0:Path", "/healthz"), ("Exemptions:0:Networks:0", "127.7.0.0/16"));
        using var prober = await listener.ConnectAsync(IPAddress.Parse("127.7.1.1"));

        Assert.StartsWith("HTTP/1.1 200", await prober.AskAsync("/healthz"), StringComparison.Ordinal);
        await prober.SendAsync("GET /other HTTP/1.1\r\nHost: origin.test\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 403", await prober.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.False(await listener.AnswersAsync(Stranger));
        Assert.Empty(listener.WithId(4407));
    }

    [Fact]
    public async Task Networks_of_exemptions_may_overlap_and_whom_only_one_of_them_let_in_goes_with_it()
    {
        await using var listener = await StartAsync(
            ("Exemptions:0:Path", "/healthz"), ("Exemptions:0:Networks:0", "127.6.0.0/15"), ("Exemptions:0:Networks:1", "127.6.0.0/15"),
            ("Exemptions:1:Path", "/livez"), ("Exemptions:1:Networks:0", "127.7.1.0/24"));
        using var wide = await listener.ConnectAsync(IPAddress.Parse("127.6.1.1"));
        using var both = await listener.ConnectAsync(IPAddress.Parse("127.7.1.1"));
        Assert.StartsWith("HTTP/1.1 200", await wide.AskAsync("/healthz"), StringComparison.Ordinal);

        listener.Reload(("Exemptions:0:Networks:0", "127.5.0.0/16"), ("Exemptions:0:Networks:1", "127.5.0.0/16"));

        Assert.Equal("", await wide.ReadToEndAsync());
        Assert.StartsWith("HTTP/1.1 200", await both.AskAsync("/livez"), StringComparison.Ordinal);
        Assert.False(await listener.AnswersAsync(IPAddress.Parse("127.6.1.1")));
    }

    [Fact]
    public async Task Exemptions_that_strangers_cannot_reach_are_named_at_start_and_after_a_reload()
    {
        await using var listener = await StartAsync(
            static kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseOriginGuard()),
            static app =>
            {
                app.UseOriginGuard();
                app.MapGet("/alive", static () => "alive").AllowDirectAccess();
                app.MapGet("/{tenant}/alive", static () => "not exempt: such a path is also one of others").AllowDirectAccess();
            },
            null,
            ("Exemptions:0:Path", "/healthz"));

        var line = Assert.Single(listener.WithId(4407)).Message;
        Assert.Contains("Exemptions:0 (/healthz), AllowDirectAccess on /alive", line, StringComparison.Ordinal);
        Assert.DoesNotContain("{tenant}", line, StringComparison.Ordinal);

        using var stranger = await listener.ConnectAsync(Stranger);
        Assert.Equal("", await stranger.AskAsync("/alive"));
        listener.Reload(("Exemptions:0:Networks:0", "127.7.0.0/16"));
        Assert.Contains("AllowDirectAccess on /alive", listener.WithId(4407).Last().Message, StringComparison.Ordinal);
        Assert.DoesNotContain("/healthz", listener.WithId(4407).Last().Message, StringComparison.Ordinal);
        listener.Reload(("Rejection:StatusCode", "404"));
        Assert.Equal(2, listener.WithId(4407).Count());
    }

    [Fact]
    public async Task While_there_are_no_ranges_nobody_is_admitted()
    {
        var dns = new ScriptedTxtResolver();
        await using var listener = await StartAsync(
            static kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseOriginGuard()),
            null,
            services => services.AddSingleton<ITxtResolver>(dns),
            ("SourceAddress:RecordNames", null), ("SourceAddress:RecordNames:0", "_ranges.example"), (NetworksKey, null), ("SourceAddress:AllowNonPublicNetworks", "true"));

        Assert.False(await listener.AnswersAsync(Inside));
        Assert.Contains("address.ranges_unavailable", Assert.Single(listener.WithId(4402)).Message, StringComparison.Ordinal);
        Assert.Equal(1, listener.Refused);
    }

    [Fact]
    public async Task A_flood_makes_one_line_in_full_and_one_summary_and_no_trouble()
    {
        await using var listener = await StartAsync();

        for (var i = 0; i < 1000; i++)
        {
            using var client = await listener.ConnectAsync(Stranger);
            Assert.Null(await client.ReadByteAsync());
        }

        listener.Clock.Advance(TimeSpan.FromMinutes(1));
        listener.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(1000, listener.Refused);
        Assert.Single(listener.WithId(4402));
        Assert.StartsWith("999 more connections", Assert.Single(listener.WithId(4403)).Message, StringComparison.Ordinal);
        Assert.Equal(1000, listener.WithId(4401).Count());
        Assert.Empty(listener.Complaints());
        Assert.Equal(0, listener.Guard.OpenCount);
    }

    private static async Task<SslApplicationProtocol> HandshakeAsync(GuardedListener listener, IPAddress from, SslApplicationProtocol protocol)
    {
        using var client = await listener.ConnectAsync(from);
        return await client.HandshakeAsync(protocol);
    }

    private static async Task<string> AskHttp2Async(HttpClient client, Uri address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await client.SendAsync(request, Token);
        return await response.Content.ReadAsStringAsync(Token);
    }
}
