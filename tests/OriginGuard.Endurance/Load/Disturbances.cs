using System.Net;
using OriginGuard.Testing;

namespace OriginGuard.Endurance.Load;

/// <summary>
/// Everything around two origins that changes and fails, in turns: the record flips, DNS fails, the secret is rotated, settings are wrong, the keys fail, their signer changes.
/// Each turn returns when what it changed is in force.
/// </summary>
internal sealed class Disturbances : IAsyncDisposable
{
    public const string PeerAlwaysIn = "127.0.0.2";
    public const string PeerNeverIn = "127.0.0.3";
    public const string PeerThatFlips = "127.0.0.4";

    private const string Out = $"v=spf1 ip4:{PeerAlwaysIn}/32";
    private const string In = $"{Out} ip4:{PeerThatFlips}/32";

    // Null: a server that is not there at all.
    private static readonly LoopbackDnsBehavior?[] DnsFaults =
        [null, LoopbackDnsBehavior.Garbage, LoopbackDnsBehavior.Silent, LoopbackDnsBehavior.NameError, LoopbackDnsBehavior.ServerFailure, LoopbackDnsBehavior.CutShort, LoopbackDnsBehavior.HugeAnswer];

    private static readonly IapKeyEndpointBehavior[] KeyFaults =
    [
        IapKeyEndpointBehavior.Disconnect, IapKeyEndpointBehavior.ServerError, IapKeyEndpointBehavior.EmptySet, IapKeyEndpointBehavior.Garbage, IapKeyEndpointBehavior.Oversize,
        IapKeyEndpointBehavior.Redirect, IapKeyEndpointBehavior.Hang,
    ];

    // Far above the slowest of them, which waits for the cool-down of the keys.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private readonly IapAssertionIssuer _issuer = new();
    private LoopbackDnsServer _dns = LoopbackDnsServer.Start();
    private IapKeyEndpoint? _keys;
    private LoadedOrigin? _plain;
    private LoadedOrigin? _iap;
    private volatile Moment _now = new() { Secret = SecretOf(0), Removed = SecretOf(-1) };
    private int _secrets;
    private int _turns;

    /// <summary>Address and secret.</summary>
    public LoadedOrigin Plain => _plain!;

    /// <summary>Address, secret and assertion.</summary>
    public LoadedOrigin Iap => _iap!;

    public Moment Now => _now;

    public static int TurnsOfARound => 6;

    public static int TurnsUntilAllAreMet => TurnsOfARound * Math.Max(DnsFaults.Length, KeyFaults.Length);

    /// <summary>How many turns are over.</summary>
    public int Turns => Volatile.Read(ref _turns);

    public static async Task<Disturbances> StartAsync()
    {
        var self = new Disturbances();
        self._dns.SetTxt(LoadedOrigin.Record, In);
        self._keys = await IapKeyEndpoint.StartAsync(self._issuer);
        self._now = self._now with { Assertion = self._issuer.Issue(LoadedOrigin.Audience) };
        self._plain = await LoadedOrigin.StartAsync(self._dns.EndPoint, self._now.Secret, keys: null);
        self._iap = await LoadedOrigin.StartAsync(self._dns.EndPoint, self._now.Secret, self._keys.Uri);
        await self.UntilAsync(static origin => origin.Ranges.Record(LoadedOrigin.Record)?.Networks.Count == 2);
        return self;
    }

    public async Task TakeTurnAsync()
    {
        var round = _turns / TurnsOfARound;
        await ((_turns % TurnsOfARound) switch
        {
            0 => FlipAsync(),
            1 => LetDnsFailAsync(DnsFaults[round % DnsFaults.Length]),
            2 => RotateSecretAsync(),
            3 => TryWrongSettingsAsync(),
            4 => LetKeysFailAsync(KeyFaults[round % KeyFaults.Length]),
            _ => ChangeSignerAsync(),
        });
        Volatile.Write(ref _turns, _turns + 1);
    }

    public async ValueTask DisposeAsync()
    {
        await Plain.DisposeAsync();
        await Iap.DisposeAsync();
        await _keys!.DisposeAsync();
        await _dns.DisposeAsync();
        _issuer.Dispose();
    }

    private static string SecretOf(int number) => $"endurance-endurance-endurance-{number:0000}";

    private async Task FlipAsync()
    {
        var isIn = !_now.IsIn;
        _now = _now with { IsRecordChanging = true };
        _dns.SetTxt(LoadedOrigin.Record, isIn ? In : Out);
        await UntilAsync(origin => origin.Ranges.Record(LoadedOrigin.Record)!.Networks.Count == (isIn ? 2 : 1));
        _now = _now with { IsIn = isIn, IsRecordChanging = false };
    }

    private async Task LetDnsFailAsync(LoopbackDnsBehavior? fault)
    {
        if (fault is { } behavior)
        {
            _dns.Behave(behavior);
        }
        else
        {
            await _dns.DisposeAsync();
        }

        await UntilAsync(static origin => origin.Refresher.Status[0].LastError is not null);
        _dns = fault is null ? LoopbackDnsServer.Start(_dns.EndPoint) : _dns;
        _dns.SetTxt(LoadedOrigin.Record, _now.IsIn ? In : Out);
        _dns.Behave(LoopbackDnsBehavior.Answer);
        await UntilAsync(static origin => origin.Refresher.Status[0].LastError is null);
    }

    private async Task RotateSecretAsync()
    {
        var (former, next) = (_now.Secret, SecretOf(++_secrets));
        Set(next, former);
        await UntilAnsweredAsync(next, isAdmitted: true);
        _now = _now with { Secret = next };

        // A request that was sent with the former one is answered by now, or a long time later.
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        Set(next);
        await UntilAnsweredAsync(former, isAdmitted: false);
        _now = _now with { Removed = former };
    }

    private async Task TryWrongSettingsAsync()
    {
        Set("short");
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        Set(_now.Secret);
    }

    private async Task LetKeysFailAsync(IapKeyEndpointBehavior fault)
    {
        _keys!.Behavior = fault;
        var fetched = _keys.FetchCount;

        // Strangers bring assertions of keys that nobody knows: they are looked for, as often as the cool-down allows.
        await UntilAsync(_ => _keys.FetchCount > fetched);
        _keys.Behavior = IapKeyEndpointBehavior.Serve;
    }

    private async Task ChangeSignerAsync()
    {
        _now = _now with { IsSignerChanging = true };
        _issuer.Rotate();
        var assertion = _issuer.Issue(LoadedOrigin.Audience);
        await UntilAsync(async () => await AskAsync(Iap, _now.Secret, assertion) == HttpStatusCode.OK);
        _now = _now with { Assertion = assertion, IsSignerChanging = false };
    }

    private void Set(params string[] secrets)
    {
        foreach (var origin in new[] { Plain, Iap })
        {
            origin.Settings.Change(["SharedSecret"], [.. secrets.Select(static (secret, slot) => ($"SharedSecret:Secrets:{slot}", (string?)secret))]);
        }
    }

    private async Task UntilAnsweredAsync(string secret, bool isAdmitted)
    {
        foreach (var origin in new[] { Plain, Iap })
        {
            await UntilAsync(async () => await AskAsync(origin, secret, _now.Assertion) == HttpStatusCode.OK == isAdmitted);
        }
    }

    private static async Task<HttpStatusCode> AskAsync(LoadedOrigin origin, string secret, string assertion)
    {
        var address = new Uri($"http://127.0.0.1:{origin.Port}/");
        using var client = SimulatedLoadBalancer.CreateDirectClient(address, IPAddress.Parse(PeerAlwaysIn));
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { { "X-Origin-Guard", secret }, { "X-Goog-IAP-JWT-Assertion", assertion } } };
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    private Task UntilAsync(Func<LoadedOrigin, bool> isSo) => UntilAsync(() => Task.FromResult(isSo(Plain) && isSo(Iap)));

    /// <exception cref="TimeoutException">It never comes to be so.</exception>
    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var begun = TimeProvider.System.GetTimestamp(); !await isSo();)
        {
            if (TimeProvider.System.GetElapsedTime(begun) > Patience)
            {
                throw new TimeoutException($"What a disturbance waits for has not come within {Patience}.");
            }

            await Task.Delay(Look, TimeProvider.System);
        }
    }
}
