using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Docs;

/// <summary>The endpoint of docs/client-address.md.</summary>
public sealed class ClientAddressDocs
{
    [Fact]
    public async Task The_client_is_who_talked_to_the_load_balancer_whatever_it_wrote()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Configuration.AddInMemoryCollection(GuardedApp.Settings());
        builder.Services.AddOriginGuard(builder.Configuration);
        await using var app = builder.Build();
        app.UseOriginGuard();

        #region docs: client
        app.MapGet("/client", (HttpContext context) =>
            context.Features.Get<IOriginGuardFeature>()?.ClientAddress?.ToString() ?? "unknown");
        #endregion

        await app.StartAsync();
        using var client = SimulatedLoadBalancer.CreateClient(
            app.GetTestServer(), new() { CustomRequestHeaders = [new("X-Origin-Guard", GuardedApp.Secret)] });
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.1, 10.0.0.1");

        Assert.Equal("203.0.113.7", await client.GetStringAsync("/client"));
    }
}
