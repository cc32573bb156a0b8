using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests;

public sealed class ExemptionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/healthz", 200)]
    [InlineData("/healthz?verbose=1", 200)]
    [InlineData("/%68ealthz", 403)]
    [InlineData("/healthz/", 403)]
    [InlineData("//healthz", 403)]
    [InlineData("/HEALTHZ", 403)]
    [InlineData("/x/../healthz", 403)]
    [InlineData("/./healthz", 403)]
    [InlineData("/healthz;a=b", 403)]
    [InlineData("/healthz%2f", 403)]
    [InlineData("/healthz%00", 400)]
    [InlineData("http://origin.test/healthz", 403)]
    [InlineData("/", 403)]
    public async Task Only_the_exact_path_is_exempt(string target, int status)
    {
        await using var origin = await GuardedOrigin.StartAsync(GuardedApp.Settings(("Exemptions:0:Path", "/healthz")));

        Assert.Equal(status, await StatusOfAsync(origin, target));
    }

    [Fact]
    public async Task An_exemption_may_hold_for_some_peers_only()
    {
        await using var inside = await GuardedOrigin.StartAsync(GuardedApp.Settings(("Exemptions:0:Path", "/healthz"), ("Exemptions:0:Networks:0", "127.0.0.0/8")));
        await using var outside = await GuardedOrigin.StartAsync(GuardedApp.Settings(("Exemptions:0:Path", "/healthz"), ("Exemptions:0:Networks:0", "35.191.0.0/16")));

        Assert.Equal((200, 403), (await StatusOfAsync(inside, "/healthz"), await StatusOfAsync(outside, "/healthz")));
    }

    [Fact]
    public async Task On_the_test_server_an_exemption_works_for_a_client_too()
    {
        await using var app = await GuardedApp.StartAsync(("Exemptions:0:Path", "/probe"));
        using var client = app.Server.CreateClient();

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/probe", UriKind.Relative), Token)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync(new Uri("/other", UriKind.Relative), Token)).StatusCode);
    }

    [Fact]
    public async Task The_secret_is_taken_off_an_exempt_request_too()
    {
        var hadSecret = true;
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), pipeline: app =>
        {
            app.UseRouting();
            app.UseOriginGuard();
            app.MapGet("/probe", (HttpContext context) => { hadSecret = context.Request.Headers.ContainsKey("X-Origin-Guard") || context.Request.Headers.ContainsKey("X_Origin_Guard"); }).AllowDirectAccess();
        });

        var context = await app.SendAsync(GuardedApp.Stranger, request =>
        {
            request.Path = "/probe";
            request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
            request.Headers["X_Origin_Guard"] = GuardedApp.Secret;
        });

        Assert.Equal((200, false), (context.Response.StatusCode, hadSecret));
    }

    private static async Task<int> StatusOfAsync(GuardedOrigin origin, string target)
    {
        // A raw socket: clients normalise a path before they send it, attackers do not.
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, origin.Address.Port, Token);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: origin.test\r\nConnection: close\r\n\r\n"), Token);
        using var reader = new StreamReader(stream);
        var statusLine = await reader.ReadLineAsync(Token);
        return int.Parse(statusLine!.Split(' ')[1]);
    }
}
