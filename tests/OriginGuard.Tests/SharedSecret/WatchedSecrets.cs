using OriginGuard.SharedSecret;

namespace OriginGuard.Tests.SharedSecret;

/// <summary>Secrets, the clock that they are looked at by, and what comes with them.</summary>
internal sealed class WatchedSecrets
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(5);

    public WatchedSecrets(params string[] values) => Secrets.Take(values, Now);

    public PlannedSecrets Secrets { get; } = new(new SharedSecretOptions());

    public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public Rotation Rotation => Rotation.Of(Secrets.Watch, Now)!; // there are several

    /// <summary>Requests with a secret, and a look.</summary>
    public void See(int slot, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            Secrets.Ring.CountMatch(slot);
        }

        Secrets.Look(Now);
    }

    /// <summary>Time passes in which nobody comes.</summary>
    public void Pass(TimeSpan time)
    {
        for (var end = Now + time; Now < end;)
        {
            Now += Turn;
            Secrets.Look(Now);
        }
    }
}
