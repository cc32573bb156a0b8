using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OriginGuard.TestKit;
using Xunit;
using static OriginGuard.Tests.Connections.GuardedListener;

namespace OriginGuard.Tests.Connections;

/// <summary>What a listener with a connection guard starts with, and what it does not.</summary>
public sealed class GuardedStartTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("OriginGuard:SourceAddress:From is ForwardedFor", "SourceAddress:From", "ForwardedFor")]
    [InlineData("OriginGuard:SourceAddress:From is ForwardedFor (Platform CloudRun)", "Platform", "CloudRun")]
    [InlineData("OriginGuard:Platform is CloudRunServerlessNeg", "Platform", "CloudRunServerlessNeg", NetworksKey, null)]
    public async Task Where_a_connection_does_not_show_the_peer_the_start_fails_and_says_why(string mistake, params string?[] settings)
    {
        (string, string?)[] pairs = [.. settings.Chunk(2).Select(static pair => (pair[0]!, pair[1])), ("SharedSecret:Secrets:0", GuardedApp.Secret), ("Rejection:StatusCode", "999")];

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(pairs));

        Assert.Contains(failure.Failures, text => text.StartsWith(mistake, StringComparison.Ordinal) && text.Contains("UseOriginGuard", StringComparison.Ordinal));
        Assert.Contains(failure.Failures, static text => text.StartsWith("OriginGuard:Rejection:StatusCode", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_listener_that_comes_after_the_options_were_read_fails_the_start_too()
    {
        var builder = OfConfiguration("http://127.0.0.1:0", ("SourceAddress:From", "ForwardedFor"));
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.ConfigureEndpointDefaults(static listen => listen.UseOriginGuard()));
        await using var app = builder.Build();

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync(Token));

        Assert.StartsWith("OriginGuard:SourceAddress:From is ForwardedFor", Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Mode")]
    [InlineData("SourceAddress:Mode")]
    public async Task With_the_layer_disabled_it_starts_all_the_same(string key)
    {
        await using var listener = await StartAsync(("SourceAddress:From", "ForwardedFor"), (key, "Disabled"), ("SharedSecret:Secrets:0", GuardedApp.Secret));

        Assert.True(await listener.AnswersAsync(Stranger));
    }

    [Fact]
    public async Task A_reload_into_forwarded_for_is_not_used_and_names_the_key()
    {
        await using var listener = await StartAsync();

        listener.Reload(("SourceAddress:From", "ForwardedFor"));

        Assert.All(listener.WithId(4002), static entry => Assert.Contains("OriginGuard:SourceAddress:From is ForwardedFor", entry.Message, StringComparison.Ordinal));
        Assert.NotEmpty(listener.WithId(4002));
        Assert.Equal((true, false), (await listener.AnswersAsync(Inside), await listener.AnswersAsync(Stranger)));
    }

    [Fact]
    public async Task Without_a_connection_guard_a_reload_into_forwarded_for_is_used()
    {
        await using var listener = await StartAsync(static _ => { });

        listener.Reload(("SourceAddress:From", "ForwardedFor"));

        Assert.Empty(listener.WithId(4002));
    }

    [Fact]
    public void Without_AddOriginGuard_it_names_the_missing_call()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.UseOriginGuard()));

        var failure = Assert.Throws<InvalidOperationException>(builder.Build);

        Assert.Contains("AddOriginGuard was not", failure.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(static () => OriginGuardListenOptionsExtensions.UseOriginGuard(null!));
    }

    [Theory]
    [InlineData("urls")]
    [InlineData("Kestrel:Endpoints:Front:Url")]
    public async Task In_the_defaults_it_comes_before_tls_on_listeners_of_the_configuration(string key)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux binds all of 127.0.0.0/8.");
        using var certificate = new LoopbackCertificate();
        var handshakes = 0;
        var builder = OfConfiguration("https://127.0.0.1:0", key);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureEndpointDefaults(static listen => listen.UseOriginGuard());
            kestrel.ConfigureHttpsDefaults(https => https.ServerCertificateSelector = (_, _) =>
            {
                Interlocked.Increment(ref handshakes);
                return certificate.Certificate;
            });
        });
        await using var app = builder.Build();
        await app.StartAsync(Token);
        var port = new Uri(app.Urls.Single()).Port;

        await Assert.ThrowsAsync<IOException>(() => HandshakeAsync(Stranger, port));
        Assert.Equal(0, Volatile.Read(ref handshakes));
        await HandshakeAsync(Inside, port);
        Assert.Equal(1, Volatile.Read(ref handshakes));
    }

    [Fact]
    public async Task A_unix_socket_peer_has_no_address_and_is_refused()
    {
        Assert.SkipUnless(Socket.OSSupportsUnixDomainSockets, "This system has no Unix sockets.");
        var path = Path.Combine(Path.GetTempPath(), $"og-{Guid.NewGuid():N}.sock");
        await using var listener = await StartAsync(
            kestrel => kestrel.ListenUnixSocket(path, static listen => listen.UseOriginGuard()), null, null, ("SourceAddress:Networks:1", "0.0.0.0/1"),
            ("SourceAddress:Networks:2", "128.0.0.0/1"), ("SourceAddress:Networks:3", "::/1"), ("SourceAddress:Networks:4", "8000::/1"));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);

        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), Token);

        Assert.Equal(0, await socket.ReceiveAsync(new byte[1], patience.Token));
        Assert.Contains("address.unknown", Assert.Single(listener.WithId(4402)).Message, StringComparison.Ordinal);
    }

    private static WebApplicationBuilder OfConfiguration(string url, params (string Key, string? Value)[] more) => OfConfiguration(url, "urls", more);

    private static WebApplicationBuilder OfConfiguration(string url, string key, params (string Key, string? Value)[] more)
    {
        var builder = WebApplication.CreateBuilder([$"--{key}={url}"]);
        builder.Configuration.AddInMemoryCollection(SettingsWith(more));
        builder.Services.AddOriginGuard(builder.Configuration);
        return builder;
    }

    private static async Task HandshakeAsync(IPAddress from, int port)
    {
        using var client = await LoopbackClient.ConnectAsync(from, port);
        await client.HandshakeAsync();
    }
}
