using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Primitives;
using OriginGuard.ForeignText;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.ForeignText;

public sealed class ForwardedForTests
{
    [Theory]
    [InlineData(1, "c", "a,b,c")]
    [InlineData(2, "b", "a,b,c")]
    [InlineData(3, "a", "a , b,\tc ")]
    [InlineData(1, "d", "a,b", "c, d")]
    [InlineData(2, "c", "a,b", "c, d")]
    [InlineData(3, "b", "a,b", "c, d")]
    [InlineData(4, "a", "a,b", "c, d")]
    [InlineData(1, "", "a,b,")]
    [InlineData(2, "", "a,,b")]
    [InlineData(2, "a", "a", "b")]
    public void Counts_from_the_right_over_all_lines(int position, string expected, params string[] lines)
    {
        Assert.True(ForwardedForReader.TryGetEntry(new StringValues(lines), position, out var entry));
        Assert.Equal(expected, entry.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3, "a,b")]
    [InlineData(33, "a")]
    public void Says_so_when_there_are_too_few_entries(int position, params string[] lines) =>
        Assert.False(ForwardedForReader.TryGetEntry(new StringValues(lines), position, out _));

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("2001:db8::1")]
    [InlineData("::ffff:192.0.2.1")]
    public void Reads_addresses(string text)
    {
        Assert.True(StrictAddress.TryParse(text, out var address));
        Assert.Equal(IPAddress.Parse(text), address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("127.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("010.0.0.1")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.4:80")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.")]
    [InlineData("+1.2.3.4")]
    [InlineData("[2001:db8::1]")]
    [InlineData("[2001:db8::1]:80")]
    [InlineData("fe80::1%eth0")]
    [InlineData("unknown")]
    [InlineData("_hidden")]
    [InlineData("1.2.3.\u0664")]
    [InlineData("::ffff:10.0.0.01")]
    [InlineData("::ffff:010.0.0.1")]
    [InlineData("::1.2.3")]
    [InlineData("64:ff9b::1.2.3.256")]
    public void Takes_nothing_else_for_an_address(string text) => Assert.False(StrictAddress.TryParse(text, out _));

    [Theory]
    [InlineData(200, "34.96.1.1")]
    [InlineData(200, "203.0.113.9, 198.51.100.1,34.96.1.1")]
    [InlineData(200, "garbage;;,34.96.1.1")]
    [InlineData(403, "34.96.1.1,203.0.113.9")]
    [InlineData(403, "34.96.1.1,")]
    [InlineData(403, "34.96.1.1:80")]
    [InlineData(403, "")]
    public async Task The_peer_may_be_the_last_entry_and_no_other(int status, string forwardedFor)
    {
        await using var app = await GuardedApp.StartAsync(("SourceAddress:From", "ForwardedFor"));

        var context = await app.SendAsync(IPAddress.Parse("169.254.1.1"), request =>
        {
            request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
            request.Headers["X-Forwarded-For"] = forwardedFor;
        });

        Assert.Equal(status, context.Response.StatusCode);
    }

    [Fact]
    public async Task Forwarded_headers_middleware_that_took_the_trusted_entry_off_does_not_let_the_callers_own_in()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(("SourceAddress:From", "ForwardedFor")), pipeline: app =>
        {
            var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All };
            options.KnownIPNetworks.Clear();
            options.KnownProxies.Clear();
            app.UseForwardedHeaders(options);
            app.UseOriginGuard();
            app.Run(context => context.Response.WriteAsync("inside"));
        });

        var context = await app.SendAsync(IPAddress.Parse("169.254.1.1"), request =>
        {
            request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
            request.Headers["X-Forwarded-For"] = "34.96.1.1,203.0.113.66";
        });

        Assert.Equal(403, context.Response.StatusCode);
    }

    [Fact]
    public async Task Without_the_header_there_is_no_peer_to_admit()
    {
        await using var app = await GuardedApp.StartAsync(("SourceAddress:From", "ForwardedFor"));

        await app.SendAsync(GuardedApp.LoadBalancer, request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);

        Assert.Equal(1, app.Metrics.Sum("originguard.requests", ("originguard.reason", "address.forwarded_for_invalid")));
    }

    [Theory]
    [InlineData("203.0.113.9,198.51.100.1", "203.0.113.9")]
    [InlineData("10.0.0.1,evil,203.0.113.9,198.51.100.1", "203.0.113.9")]
    [InlineData("2001:db8::9,198.51.100.1", "2001:db8::9")]
    [InlineData("not-an-address,198.51.100.1", null)]
    [InlineData("198.51.100.1", null)]
    public async Task The_client_is_the_entry_before_the_load_balancer(string forwardedFor, string? client)
    {
        string? seen = "unset";
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), pipeline: app =>
        {
            app.UseOriginGuard();
            app.Run(context =>
            {
                // What the application does with the header later does not change what the guard saw.
                context.Request.Headers.Remove("X-Forwarded-For");
                seen = context.Features.Get<IOriginGuardFeature>()!.ClientAddress?.ToString();
                return Task.CompletedTask;
            });
        });

        var context = await app.SendAsync(GuardedApp.LoadBalancer, request =>
        {
            request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
            request.Headers["X-Forwarded-For"] = forwardedFor;
        });

        Assert.Equal((200, client), (context.Response.StatusCode, seen));
    }

    [Theory]
    [InlineData("LoadBalancer", "true", "203.0.113.9", "https")]
    [InlineData("LoadBalancer", "false", "34.96.1.1", "http")]
    [InlineData("Stranger", "true", "203.0.113.66", "http")]
    public async Task Restores_the_client_of_an_admitted_request_only(string from, string restore, string remote, string scheme)
    {
        (string?, string) seen = default;
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(("ClientAddress:Restore", restore), ("Exemptions:0:Path", "/"), ("Exemptions:0:Networks:0", "203.0.113.66/32")), pipeline: app =>
        {
            app.UseOriginGuard();
            app.Run(context =>
            {
                seen = (context.Connection.RemoteIpAddress?.ToString(), context.Request.Scheme);
                return Task.CompletedTask;
            });
        });

        await app.SendAsync(from == "LoadBalancer" ? GuardedApp.LoadBalancer : GuardedApp.Stranger, request =>
        {
            request.Scheme = "http";
            request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
            request.Headers["X-Forwarded-For"] = "203.0.113.9,198.51.100.1";
            request.Headers["X-Forwarded-Proto"] = "https";
        });

        Assert.Equal((remote, scheme), seen);
    }
}
