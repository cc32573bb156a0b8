using System.Net;
using System.Net.Sockets;
using OriginGuard.Surroundings;
using OriginGuard.TestKit;
using OriginGuard.Tests.Dns;
using OriginGuard.Tests.Ranges;
using Xunit;

namespace OriginGuard.Tests.Surroundings;

/// <summary>A host with several addresses, some of which do not answer.</summary>
public sealed class HostConnectorTests : IDisposable
{
    private static readonly IPAddress Live = IPAddress.Parse("127.0.0.2");

    private readonly ManualTimeProvider _clock = new();
    private readonly List<IDisposable> _owned = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_address_that_swallows_what_it_is_sent_costs_a_quarter_of_a_second()
    {
        var firewall = Own(DroppingFirewall.InFrontOf(new IPEndPoint(IPAddress.Loopback, 9)));
        ListenOn(firewall.EndPoint.Port);

        var connecting = ConnectAsync(firewall.EndPoint.Port, IPAddress.Loopback, Live);
        await SupplyScene.UntilAsync(() => _clock.ArmedTimers is [{ TotalMilliseconds: 250 }]);
        Assert.False(connecting.IsCompleted);
        _clock.Advance(HostConnector.HeadStart);

        Assert.Equal(Live, await connecting);
    }

    [Fact]
    public async Task An_address_that_refuses_costs_nothing()
    {
        var port = ListenOn(0);

        Assert.Equal(Live, await ConnectAsync(port, IPAddress.Parse("127.0.0.3"), IPAddress.Parse("127.0.0.4"), Live));
    }

    [Fact]
    public async Task The_first_that_answers_is_the_only_one_that_is_asked()
    {
        var port = ListenOn(0);
        var second = Own(new TcpListener(IPAddress.Parse("127.0.0.5"), port));
        second.Start();

        Assert.Equal(Live, await ConnectAsync(port, Live, IPAddress.Parse("127.0.0.5")));
        Assert.False(second.Pending());
        await SupplyScene.UntilAsync(() => _clock.ArmedTimers.Count == 0);
    }

    [Fact]
    public async Task Where_all_refuse_the_last_says_why()
    {
        var port = ListenOn(0);

        var failure = await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(port, IPAddress.Parse("127.0.0.3"), IPAddress.Parse("127.0.0.4")));

        Assert.Equal(SocketError.ConnectionRefused, failure.SocketErrorCode);
    }

    [Fact]
    public async Task A_host_without_an_address_is_not_found() =>
        Assert.Equal(SocketError.HostNotFound, (await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(1))).SocketErrorCode);

    [Fact]
    public async Task Who_gives_up_waits_for_none_of_them()
    {
        var firewall = Own(DroppingFirewall.InFrontOf(new IPEndPoint(IPAddress.Loopback, 9)));
        using var stop = new CancellationTokenSource();
        var connecting = Connector(IPAddress.Loopback).ConnectAsync(new DnsEndPoint("host.example", firewall.EndPoint.Port), stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
    }

    [Theory]
    [InlineData("::1 ::2 ::3 10.0.0.1 10.0.0.2", "::1 10.0.0.1 ::2 10.0.0.2 ::3")]
    [InlineData("10.0.0.1 10.0.0.2 ::1", "10.0.0.1 ::1 10.0.0.2")]
    [InlineData("10.0.0.2 10.0.0.1", "10.0.0.2 10.0.0.1")]
    public void The_families_take_turns_and_keep_their_order(string found, string tried) =>
        Assert.Equal(tried, string.Join(' ', HostConnector.Alternate([.. found.Split(' ').Select(IPAddress.Parse)])));

    public void Dispose() => _owned.ForEach(static owned => owned.Dispose());

    private HostConnector Connector(params IPAddress[] addresses) => new((_, _) => Task.FromResult(addresses), _clock);

    private async Task<IPAddress> ConnectAsync(int port, params IPAddress[] addresses)
    {
        using var stream = (NetworkStream)await Connector(addresses).ConnectAsync(new DnsEndPoint("host.example", port), Token);
        return ((IPEndPoint)stream.Socket.RemoteEndPoint!).Address;
    }

    private int ListenOn(int port)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux binds all of 127.0.0.0/8.");
        var listener = Own(new TcpListener(Live, port));
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
