namespace OriginGuard.SharedSecret;

/// <summary>
/// How far a change of the secret has come, by what this process has seen: never that an old one may go while it is still sent, or before the new one has been seen
/// long enough.
/// </summary>
/// <param name="Step">For programs: install, keep, silent, wait or remove.</param>
/// <param name="Says">A sentence for people.</param>
internal sealed record Rotation(string Step, string Says)
{
    /// <summary>The step at which the old secrets may go.</summary>
    public const string Remove = "remove";

    /// <summary>How long an old secret must not have been seen before it is called unused: the load balancer takes minutes to carry a change everywhere.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMinutes(10);

    /// <summary>How many requests with the new secret must have come since an old one was seen: of two back ends the one with the old secret may be the quiet one.</summary>
    public const int Proof = 20;

    /// <summary>How far it is; null where there is one secret only, in however many slots, and nothing to change.</summary>
    public static Rotation? Of(SecretWatch watch, DateTimeOffset now)
    {
        var uses = watch.Uses;
        int[] others = [.. Enumerable.Range(0, uses.Length).Where(slot => slot > 0 && !watch.Ring.Repeats(slot))];
        if (others.Length == 0)
        {
            return null;
        }

        if (uses[0].Matches == 0)
        {
            return new("install", "The first secret has not been seen yet. Set it at the load balancer, and keep the others.");
        }

        var watched = watch.WatchedAt(now);
        var inUse = Slots(others, slot => IsSeen(uses[slot]));
        if (inUse.Length > 0)
        {
            return new("keep", $"{inUse} is still sent: keep it. The load balancer has not taken the first secret over everywhere, or somebody else sends it.");
        }

        // Silence of the old one says something only while requests come.
        if (!IsSeen(uses[0]))
        {
            return new("silent", $"No request has come with a secret for {Quiet.TotalMinutes:0} minutes, so nothing can be told. Keep them all.");
        }

        var (left, missing) = (Left(watch, watched), Proof - watch.Alone);
        return left > TimeSpan.Zero
            ? new("wait", $"The first secret is seen, and no other one now. Wait {Math.Ceiling(left.TotalMinutes):0} more minutes before you take one out.")
            : missing > 0
            ? new("wait", $"The first secret is seen, and no other one now. Wait for {missing} more requests with it before you take one out.")
            : new(Remove, $"{Slots(others, static _ => true)} has not been seen for {Quiet.TotalMinutes:0} minutes: take it out, once every process of the origin says so.{Unseen(others, uses)}");

        // Of a clock that went ahead and was set back, the time that was watched: the secret would be on its way for as long as the clock was ahead.
        bool IsSeen(SecretUse use) => use.LastSeen is { } seen && (now < seen ? watched - use.SeenAt : now - seen) < Quiet;
    }

    /// <summary>What never came may also be the new one: a secret in a file stands behind one in the configuration.</summary>
    private static string Unseen(int[] others, SecretUse[] uses) => Slots(others, slot => uses[slot].Matches == 0) is { Length: > 0 } unseen
        ? $" {unseen} has not come since this process has it: if it is your new secret, the load balancer does not send it yet, and it must stay."
        : "";

    private static string Slots(int[] others, Func<int, bool> which)
    {
        int[] slots = [.. others.Where(which)];
        return slots.Length == 0 ? "" : $"Slot {string.Join(" and slot ", slots)}";
    }

    /// <summary>How much longer it must be watched: one that comes in long intervals is waited for twice as long.</summary>
    private static TimeSpan Left(SecretWatch watch, TimeSpan watched) => watch.Uses.Skip(1).Where(static use => use.LastSeen is not null)
        .Select(use => Longer(Quiet, 2 * use.LongestPause) - (watched - use.SeenAt))
        .Append(Quiet - (watched - (watch.FirstSeen ?? watched)))
        .Max();

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
