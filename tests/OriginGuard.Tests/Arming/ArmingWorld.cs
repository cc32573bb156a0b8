using System.Net;
using Microsoft.Extensions.Logging;
using OriginGuard.Arming;
using OriginGuard.Telemetry;
using OriginGuard.TestKit;
using OriginGuard.Tests.Configuration;

namespace OriginGuard.Tests.Arming;

/// <summary>A process that keeps an arming report, again and again over restarts, with a clock and a disk that stay.</summary>
internal sealed class ArmingWorld : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private DecisionCounts _counts;
    private ArmingKeeper _keeper;

    public ArmingWorld()
    {
        Options = new OriginGuardOptions { Mode = LayerMode.ReportOnly, SharedSecret = { Secrets = [GuardedApp.Secret] }, Arming = { ReportPath = Path } };
        (_counts, Account, _keeper) = Make();
    }

    public ManualTimeProvider Clock { get; } = new();

    public LogRecorder Logs { get; } = new();

    public OriginGuardOptions Options { get; }

    public ArmingAccount Account { get; private set; }

    public string Path => System.IO.Path.Combine(_folder.Path, "arming.json");

    public string Folder => _folder.Path;

    public ArmingReport Report => ArmingReport.Of(Account.Read());

    public Task StartAsync(bool isArmed = false) => _keeper.StartAsync(Options, isArmed);

    public void Use() => Use(Options);

    public void Use(OriginGuardOptions options) => _keeper.Use(options, isArmed: false);

    /// <summary>Other settings come into force.</summary>
    public void Exempt(string path)
    {
        Options.Exemptions = [new ExemptionOptions { Path = path }];
        Use();
    }

    public Task StopAsync() => _keeper.StopAsync(CancellationToken.None);

    /// <summary>The process ends, in order or not, and another begins.</summary>
    public async Task RestartAsync(bool inOrder = true)
    {
        if (inOrder)
        {
            await StopAsync();
        }

        _keeper.Dispose();
        (_counts, Account, _keeper) = Make();
        await StartAsync();
    }

    /// <summary>Requests that every layer admits.</summary>
    public void Admit(int requests = 1)
    {
        for (var i = 0; i < requests; i++)
        {
            _counts.Add(OriginVerdict.Admitted, enforced: false);
        }
    }

    public void Meet(CallerKind kind, string peer, string? route, params RefusalReason[] reasons) => Meet(kind, IPAddress.Parse(peer), route, reasons);

    public void Meet(CallerKind kind, IPAddress peer, string? route, params RefusalReason[] reasons) =>
        Account.Add(new Encounter(kind, kind is CallerKind.NamedAgent ? "UptimeRobot" : null, ReasonSet.Of(reasons), peer, null, IsEnforced: false), route);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _keeper.Dispose();
        Logs.Dispose();
        _folder.Dispose();
    }

    private (DecisionCounts, ArmingAccount, ArmingKeeper) Make()
    {
        var counts = new DecisionCounts(Clock);
        var account = new ArmingAccount(Clock, counts);
        return (counts, account, new ArmingKeeper(account, new ArmingFile(Logs.CreateLogger<ArmingFile>()), Sections.All, Clock));
    }
}
