using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Ranges;
using OriginGuard.Testing;
using OriginGuard.TestKit;

namespace OriginGuard.Tests.Ranges;

/// <summary>A guarded Kestrel and its DNS server, whose record flips and which dies and talks nonsense in between.</summary>
internal sealed class FlippingSupply : IAsyncDisposable
{
    public const string PeerAlwaysIn = "127.0.0.2";
    public const string PeerNeverIn = "127.0.0.3";
    public const string PeerThatFlips = "127.0.0.4";

    private const string Name = "_flipping.ranges.example";
    private const string Out = $"v=spf1 ip4:{PeerAlwaysIn}/32";
    private const string In = $"{Out} ip4:{PeerThatFlips}/32";

    private static readonly TimeSpan AttemptTime = TimeSpan.FromMilliseconds(500);

    // What each wrong answer is, and null for a server that is not there at all.
    private static readonly (LoopbackDnsBehavior? Behavior, string[] Texts)[] AllFaults =
    [
        (null, []),
        (LoopbackDnsBehavior.Garbage, [In]),
        (LoopbackDnsBehavior.Silent, [In]),
        (LoopbackDnsBehavior.NameError, [In]),
        (LoopbackDnsBehavior.ServerFailure, [In]),
        (LoopbackDnsBehavior.CutShort, [In]),
        (LoopbackDnsBehavior.HugeAnswer, [In]),
        (LoopbackDnsBehavior.Answer, ["v=spf1 ip4:0.0.0.0/0"]),
        (LoopbackDnsBehavior.Answer, ["v=spf1 -all"]),
        (LoopbackDnsBehavior.Answer, [$"v=spf1 ip4:{PeerNeverIn}/32", $"v=spf1 ip4:{PeerThatFlips}/32"]),
    ];

    private readonly ManualTimeProvider? _clock;
    private readonly ConcurrentDictionary<string, bool> _connections = new();
    private LoopbackDnsServer _dns = LoopbackDnsServer.Start();
    private GuardedOrigin? _origin;
    private volatile FlippingState _state = new(0, IsIn: true, IsChanging: false);

    private FlippingSupply(bool inRealTime) => _clock = inRealTime ? null : new ManualTimeProvider();

    public Uri Address => Origin.Address;

    public FlippingState State => _state;

    public int Flips { get; private set; }

    public int Faults { get; private set; }

    /// <summary>How many connections the server has seen.</summary>
    public int Connections => _connections.Count;

    private GuardedOrigin Origin => _origin ?? throw new InvalidOperationException("Not started.");

    private RangeRefresher Refresher => Origin.Services.GetRequiredService<RangeRefresher>();

    private CurrentRanges Ranges => Origin.Services.GetRequiredService<CurrentRanges>();

    public static async Task<FlippingSupply> StartAsync(bool inRealTime)
    {
        var supply = new FlippingSupply(inRealTime);
        supply._dns.SetTxt(Name, In);
        supply._origin = await GuardedOrigin.StartAsync(
            new Dictionary<string, string?>
            {
                ["OriginGuard:SourceAddress:RecordNames:0"] = Name,
                ["OriginGuard:SourceAddress:AllowNonPublicNetworks"] = "true",
                ["OriginGuard:SourceAddress:MinRefreshInterval"] = "00:00:01",
                ["OriginGuard:SourceAddress:MaxRefreshInterval"] = "00:00:01",
                ["OriginGuard:Dns:Servers:0"] = $"{supply._dns.EndPoint}",
                ["OriginGuard:Dns:Timeout"] = $"{AttemptTime}",
                ["OriginGuard:Dns:Attempts"] = "1",
            },
            pipeline: supply.Build,
            services: services => services.AddSingleton<TimeProvider>((TimeProvider?)supply._clock ?? TimeProvider.System));
        return supply;
    }

    /// <summary>Flips the record, or every fourth time lets DNS fail in one way or another; returns when that is in force.</summary>
    /// <param name="turn">The how-manieth turn it is.</param>
    /// <param name="seeTraffic">Lets requests pass while DNS fails.</param>
    public Task TakeTurnAsync(int turn, Func<Task> seeTraffic) => turn % 4 == 3 ? FailAsync(AllFaults[turn / 4 % AllFaults.Length], seeTraffic) : FlipAsync(turn);

    public async ValueTask DisposeAsync()
    {
        if (_origin is not null)
        {
            await _origin.DisposeAsync();
        }

        await _dns.DisposeAsync();
    }

    private void Build(WebApplication app)
    {
        app.Use((context, next) =>
        {
            _connections.TryAdd(context.Connection.Id, true);
            return next(context);
        });
        app.UseOriginGuard();
        app.Run(static context => context.Response.WriteAsync("inside"));
    }

    private async Task FlipAsync(int turn)
    {
        var isIn = !_state.IsIn;
        _state = new FlippingState(turn, isIn, IsChanging: true);
        _dns.SetTxt(Name, isIn ? In : Out);
        await DriveUntilAsync(() => Ranges.Record(Name)!.Networks.Count == (isIn ? 2 : 1));
        _state = new FlippingState(turn, isIn, IsChanging: false);
        Flips++;
    }

    private async Task FailAsync((LoopbackDnsBehavior? Behavior, string[] Texts) fault, Func<Task> seeTraffic)
    {
        if (fault.Behavior is { } behavior)
        {
            _dns.Behave(behavior);
            _dns.SetTxt(Name, fault.Texts);
        }
        else
        {
            await _dns.DisposeAsync();
        }

        await DriveUntilAsync(() => Refresher.Status[0].LastError is not null);
        await seeTraffic();
        Faults++;
        _dns = fault.Behavior is null ? LoopbackDnsServer.Start(_dns.EndPoint) : _dns;
        _dns.SetTxt(Name, _state.IsIn ? In : Out);
        _dns.Behave(LoopbackDnsBehavior.Answer);
        await DriveUntilAsync(() => Refresher.Status[0].LastError is null);
    }

    /// <summary>Lets time pass until something is so: real time, or as fast as the refreshes allow.</summary>
    private async Task DriveUntilAsync(Func<bool> reached)
    {
        for (var looks = 1; !reached(); looks++)
        {
            if (_clock is null)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            }
            else if (SupplyScene.SleepOf(Refresher, _clock) is { } sleep)
            {
                _clock.Advance(sleep);
            }
            else if (looks % 1000 == 0 && _clock.ArmedTimers is [var first, ..] && (first <= AttemptTime || Refresher.Status is [{ NextAttempt: not null }]))
            {
                // Nobody answers, or the answer is late: then it is asked again. No further than that, or the sleep behind it were over unseen. Or it sleeps already, and a step of
                // the clock has come between what the status says of the sleep and the sleep, so that they are never the same again.
                _clock.Advance(first);
            }

            await Task.Yield();
        }
    }
}
