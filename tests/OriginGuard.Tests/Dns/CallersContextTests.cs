using Microsoft.AspNetCore.Server.Kestrel.Core;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Dns;

/// <summary>Whoever asks has a synchronization context, as a thread of a desktop program has that does nothing but wait for the answer.</summary>
public sealed class CallersContextTests
{
    [Theory]
    [InlineData(true, LoopbackDnsBehavior.Answer)]
    [InlineData(true, LoopbackDnsBehavior.ServerFailure)]
    [InlineData(false, LoopbackDnsBehavior.Answer)]
    [InlineData(false, LoopbackDnsBehavior.RefuseEdns)]
    public async Task Nothing_of_a_resolution_goes_on_there(bool overTcp, LoopbackDnsBehavior behavior)
    {
        await using var scene = new ResolverScene(overTcp: overTcp);
        scene.Server.Behave(behavior);

        Assert.Equal(0, await PostedAsync(scene));
    }

    [Theory]
    [InlineData(HttpProtocols.Http2)]
    [InlineData(HttpProtocols.Http1)]
    public async Task Nor_of_one_over_HTTPS(HttpProtocols protocols)
    {
        await using var scene = new ResolverScene();
        await using var server = await HttpsDnsServer.StartAsync(protocols);
        scene.Options.HttpsEndpoint = server.Endpoint;

        Assert.Equal(0, await PostedAsync(scene));
        Assert.NotEmpty(server.Requests);
    }

    /// <summary>How much a resolution has left to the context of whoever asked.</summary>
    private static async Task<int> PostedAsync(ResolverScene scene)
    {
        var (before, context) = (SynchronizationContext.Current, new CountingContext());
        SynchronizationContext.SetSynchronizationContext(context);
        var resolving = scene.Resolver.ResolveTxtAsync(ResolverScene.Name, TestContext.Current.CancellationToken).AsTask();
        SynchronizationContext.SetSynchronizationContext(before);
        await resolving.WaitAsync(ResolverScene.Limit, TimeProvider.System, TestContext.Current.CancellationToken);
        return context.Posted;
    }

    private sealed class CountingContext : SynchronizationContext
    {
        private int _posted;

        public int Posted => Volatile.Read(ref _posted);

        public override void Post(SendOrPostCallback d, object? state)
        {
            Interlocked.Increment(ref _posted);
            base.Post(d, state);
        }
    }
}
