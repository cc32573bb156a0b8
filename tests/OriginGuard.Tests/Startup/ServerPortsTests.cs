using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Startup;
using Xunit;

namespace OriginGuard.Tests.Startup;

public sealed class ServerPortsTests
{
    [Theory]
    [InlineData("8080,9090", "http://*:8080", "https://[::]:8080", "http://127.0.0.1:9090")]
    [InlineData("", "http://*:8080", "http://unix:/run/app.sock")]
    [InlineData("", "http://*:8080", "http://pipe:/app")]
    [InlineData("", "http://*:8080", "what nobody can read")]
    [InlineData("")]
    public async Task Ports_are_known_where_every_address_has_one(string expected, params string[] addresses)
    {
        var feature = new ServerAddressesFeature();
        foreach (var address in addresses)
        {
            feature.Addresses.Add(address);
        }

        await using var services = Services(feature);

        Assert.Equal(expected, string.Join(',', ServerPorts.Of(services)));
    }

    [Fact]
    public async Task Without_a_server_or_a_word_of_it_they_are_not()
    {
        await using var nothing = new ServiceCollection().BuildServiceProvider();
        await using var silent = Services(null);

        Assert.Empty(ServerPorts.Of(null));
        Assert.Empty(ServerPorts.Of(nothing));
        Assert.Empty(ServerPorts.Of(silent));
    }

    private static ServiceProvider Services(IServerAddressesFeature? feature) =>
        new ServiceCollection().AddSingleton<IServer>(new Server(feature)).BuildServiceProvider();

    private sealed class Server : IServer
    {
        public Server(IServerAddressesFeature? addresses) => Features.Set(addresses);

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}
