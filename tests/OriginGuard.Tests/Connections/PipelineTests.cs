using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OriginGuard.Connections;
using OriginGuard.Ranges;
using OriginGuard.Telemetry;
using OriginGuard.TestKit;
using OriginGuard.Tests.Ranges;
using Xunit;

namespace OriginGuard.Tests.Connections;

/// <summary>The guard in the pipelines of a listener, over connections that a test makes up.</summary>
public sealed class PipelineTests : IAsyncDisposable
{
    private static readonly IPEndPoint Inside = IPEndPoint.Parse("34.96.1.1:1");
    private static readonly IPEndPoint Stranger = IPEndPoint.Parse("203.0.113.66:1");

    private readonly ManualTimeProvider _clock = new();
    private readonly LogRecorder _logs = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly OriginGuardMetrics _instruments;
    private readonly MetricRecorder _metrics;
    private readonly ConnectionRefusals _refusals;
    private readonly CurrentRanges _ranges;
    private volatile ConnectionPolicy _policy;

    public PipelineTests()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        (_instruments, _metrics) = (new OriginGuardMetrics(factory), new MetricRecorder(factory));
        _refusals = new ConnectionRefusals(_clock, new Logger<ConnectionRefusals>(_logs));
        _ranges = new CurrentRanges(_clock);
        _policy = NewPolicy(true, null, "34.96.0.0/20");
    }

    [Fact]
    public async Task The_multiplexed_pipeline_of_http3_refuses_a_stranger_and_lets_a_peer_pass()
    {
        await using var app = await GuardedApp.StartAsync();
        ListenOptions? listener = null;
        new KestrelServerOptions { ApplicationServices = app.Services }.Listen(IPAddress.Loopback, 0, listen => listener = listen.UseOriginGuard().UseOriginGuard());
        var guard = app.Services.GetRequiredService<ConnectionGuard>();
        List<(MultiplexedConnectionContext Connection, int Open)> passed = [];
        var multiplexed = (IMultiplexedConnectionBuilder)listener!;
        multiplexed.Use(_ => connection =>
        {
            passed.Add((connection, guard.OpenCount));
            return Task.CompletedTask;
        });
        var pipeline = multiplexed.Build();
        var (peer, stranger, unknown) = (new FakeMultiplexedConnection(Inside), new FakeMultiplexedConnection(Stranger), new FakeMultiplexedConnection(null));

        await pipeline(peer);
        await pipeline(stranger);
        await pipeline(unknown);

        Assert.Equal([(peer, 1)], passed);
        Assert.Equal(1, app.Metrics.Sum("originguard.connections.refused", ("originguard.reason", "address.outside_ranges")));
        Assert.Equal(1, app.Metrics.Sum("originguard.connections.refused", ("originguard.reason", "address.unknown")));
        Assert.Equal(2, app.Metrics.Sum("originguard.connections.refused"));
        Assert.Equal(Inside.Address, peer.Features.Get<ConnectionPeer>()?.Address);
        Assert.Empty(app.Logs.WithId(4406));
    }

    [Fact]
    public void A_verdict_that_a_change_overtook_is_asked_for_again()
    {
        var (report, enforce) = (NewPolicy(false, null, "34.96.0.0/20"), NewPolicy(true, null, "34.96.0.0/20"));
        var asked = 0;
        var guard = NewGuard(() => asked++ == 0 ? report : enforce);
        var (connection, lifetime) = New(Stranger);

        var held = guard.Guard(connection, static _ => new TaskCompletionSource().Task);

        Assert.False(held.IsCompleted);
        Assert.Equal(1, lifetime.Requests);
    }

    [Fact]
    public void Ranges_that_changed_meanwhile_are_asked_again()
    {
        var ranges = _ranges.Prepare(new SourceAddressOptions { RecordNames = ["record.test"] });
        ranges.Take(_ranges.NewPart("record.test", [IPNetwork.Parse("34.96.0.0/20")], RangeOrigin.Dns));
        var policy = new ConnectionPolicy(LayerMode.Enforce, null, ranges);
        var asked = 0;
        var guard = NewGuard(() =>
        {
            if (++asked == 2)
            {
                ranges.Take(_ranges.NewPart("record.test", [IPNetwork.Parse("36.0.0.0/16")], RangeOrigin.Dns));
            }

            return policy;
        });
        var (connection, lifetime) = New(Inside);

        _ = guard.Guard(connection, static _ => new TaskCompletionSource().Task);

        Assert.Equal(1, lifetime.Requests);
    }

    [Theory]
    [InlineData("127.0.0.1:8443", "127.0.0.1:8443")]
    [InlineData(null, "127.0.0.1:0")]
    public async Task A_guard_behind_TLS_is_pointed_out_with_the_first_connection_by_where_it_came_in(string? local, string named)
    {
        var listener = new ListenerGuard(NewGuard(), IPEndPoint.Parse("127.0.0.1:0"));
        var pipeline = listener.Before((ConnectionDelegate)(static _ => Task.CompletedTask));
        for (var i = 0; i < 3; i++)
        {
            var (connection, _) = New(Inside);
            connection.LocalEndPoint = local is null ? null : IPEndPoint.Parse(local);
            connection.Features.Set(DispatchProxy.Create<ITlsHandshakeFeature, Untouched>());

            await pipeline(connection);

            Assert.StartsWith($"On {named} the connection guard comes after TLS", Assert.Single(_logs.WithId(4406)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_connection_that_cannot_be_closed_keeps_no_other_open()
    {
        var guard = NewGuard();
        var connections = Enumerable.Range(0, 6).Select(i => New(Inside, fails: i % 2 == 0)).ToList();
        foreach (var (connection, _) in connections)
        {
            _ = guard.Guard(connection, static _ => new TaskCompletionSource().Task);
        }

        Use("36.0.0.0/16");
        guard.Review();
        await SupplyScene.UntilAsync(() => _logs.WithId(4404).Any());

        Assert.All(connections, static entry => Assert.Equal(1, entry.Lifetime.Requests));
        Assert.Equal(3, _logs.WithId(4405).Count());
        Assert.StartsWith("3 open", Assert.Single(_logs.WithId(4404)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_is_asked_to_end_once()
    {
        var guard = NewGuard();
        var (connection, lifetime) = New(Inside);
        _ = guard.Guard(connection, static _ => new TaskCompletionSource().Task);

        Use("36.0.0.0/16");
        guard.Review();
        await SupplyScene.UntilAsync(() => _logs.WithId(4404).Any());
        var (later, _) = New(IPEndPoint.Parse("36.0.0.1:1"));
        _ = guard.Guard(later, static _ => new TaskCompletionSource().Task);
        Use("37.0.0.0/16");
        guard.Review();
        await SupplyScene.UntilAsync(() => _logs.WithId(4404).Count() is 2);

        Assert.Equal(1, lifetime.Requests);
        Assert.StartsWith("1 open", _logs.WithId(4404).Last().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_server_cannot_end_a_connection_well_it_is_aborted()
    {
        var guard = NewGuard();
        var connection = new FakeConnection(Inside);
        _ = guard.Guard(connection, static _ => new TaskCompletionSource().Task);

        Use("36.0.0.0/16");
        guard.Review();
        await SupplyScene.UntilAsync(() => _logs.WithId(4404).Any());

        Assert.Equal("The peer is no longer in the ranges.", connection.AbortReason);
    }

    [Fact]
    public async Task Whatever_changes_while_thousands_connect_nobody_outside_the_last_ranges_stays()
    {
        var guard = NewGuard(quiet: true);
        var (first, last) = (IPEndPoint.Parse("34.96.1.1:1"), IPEndPoint.Parse("36.0.0.1:1"));
        var connected = new System.Collections.Concurrent.ConcurrentBag<(EndPoint Remote, FakeConnection Connection, FakeLifetime Lifetime)>();
        using var begun = new ManualResetEventSlim();
        var changing = Task.Run(
            () =>
            {
                begun.Wait(CancellationToken.None);
                for (var i = 1; i <= 201; i++)
                {
                    Use(i % 2 == 0 ? "34.96.0.0/20" : "36.0.0.0/16");
                    guard.Review();
                    Thread.Yield();
                }
            },
            TestContext.Current.CancellationToken);

        Parallel.For(0, 4000, i =>
        {
            var remote = i % 2 == 0 ? first : last;
            var (connection, lifetime) = New(remote);
            if (!guard.Guard<ConnectionContext>(connection, static _ => new TaskCompletionSource().Task).IsCompleted)
            {
                connected.Add((remote, connection, lifetime));
            }

            if (i == 100)
            {
                begun.Set();
            }
        });
        await changing;
        Assert.Contains(connected, entry => entry.Remote == first);

        await SupplyScene.UntilAsync(() => connected.All(entry => entry.Remote == last || entry.Lifetime.Requests > 0));
        Assert.All(connected, static entry => Assert.InRange(entry.Lifetime.Requests, 0, 1));
        Assert.Equal(connected.Count, guard.OpenCount);
    }

    [Fact]
    public void A_named_pipe_has_no_peer_address_and_is_refused_even_where_every_address_is_admitted()
    {
        _policy = NewPolicy(true, CidrTrie.Create([IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("::/0")]), "0.0.0.0/0", "::/0");

        var refused = NewGuard().Guard<ConnectionContext>(new FakeConnection(new NamedPipeEndPoint("origin")), static _ => throw new InvalidOperationException("It has passed."));

        Assert.True(refused.IsCompletedSuccessfully);
        Assert.Contains("address.unknown", Assert.Single(_logs.WithId(4402)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_whose_pipeline_throws_is_forgotten()
    {
        var guard = NewGuard();

        await Assert.ThrowsAsync<InvalidOperationException>(() => guard.Guard<ConnectionContext>(New(Inside).Connection, static _ => throw new InvalidOperationException()));

        Assert.Equal(0, guard.OpenCount);
    }

    [Fact]
    public void A_refusal_allocates_next_to_nothing()
    {
        var guard = NewGuard(quiet: true);
        var connection = New(Stranger).Connection;
        Func<ConnectionContext, Task> next = static _ => throw new InvalidOperationException("A stranger has passed.");
        for (var i = 0; i < 100; i++)
        {
            Assert.True(guard.Guard(connection, next).IsCompletedSuccessfully);
        }

        Assert.Equal(0, Allocation.LeastOf(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                guard.Guard(connection, next);
            }
        }));
    }

    public async ValueTask DisposeAsync()
    {
        _refusals.Dispose();
        _metrics.Dispose();
        _instruments.Dispose();
        await _services.DisposeAsync();
        _logs.Dispose();
    }

    private static (FakeConnection Connection, FakeLifetime Lifetime) New(EndPoint remote, bool fails = false)
    {
        var (connection, lifetime) = (new FakeConnection(remote), new FakeLifetime(fails));
        connection.Features.Set<IConnectionLifetimeNotificationFeature>(lifetime);
        return (connection, lifetime);
    }

    /// <summary>Puts a plan with these networks in force, as a reload does.</summary>
    private void Use(params string[] networks) => _policy = NewPolicy(true, null, networks);

    private ConnectionPolicy NewPolicy(bool isEnforced, CidrTrie? exempt, params string[] networks)
    {
        var ranges = _ranges.Prepare(new SourceAddressOptions { Networks = [.. networks.Select(static network => IPNetwork.Parse(network))] });
        _ranges.Use(ranges);
        return new ConnectionPolicy(isEnforced ? LayerMode.Enforce : LayerMode.ReportOnly, exempt, ranges);
    }

    private ConnectionGuard NewGuard(Func<ConnectionPolicy>? policy = null, bool quiet = false)
    {
        if (quiet)
        {
            _metrics.Dispose();
        }

        var refusals = quiet ? new ConnectionRefusals(_clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<ConnectionRefusals>.Instance) : _refusals;
        return new ConnectionGuard(policy ?? (() => _policy), _ranges, refusals, _instruments, new Logger<ConnectionGuard>(_logs));
    }

    /// <summary>Something that is there and of which nothing is asked.</summary>
    [SuppressMessage("Performance", "CA1852:Seal internal types", Justification = "The proxy derives from it.")]
    private class Untouched : DispatchProxy
    {
        protected override object Invoke(MethodInfo? targetMethod, object?[]? args) => throw new NotSupportedException();
    }
}
