using System.Net;
using OriginGuard.Arming;
using OriginGuard.Checks;
using OriginGuard.Ranges;
using OriginGuard.Surroundings;

namespace OriginGuard.Endurance.Kills;

/// <summary>The process that gets killed: writes both files again and again as the guard does, each time with another content.</summary>
internal static class Writer
{
    public const string Command = "write";
    public const string Snapshot = "ranges.txt";
    public const string Report = "ranges.txt.arming.json";

    /// <param name="folder">Where the files are.</param>
    /// <param name="isControl">Writes into the files themselves, as the guard does not: what a reader then meets has to be found out.</param>
    public static int Run(string folder, bool isControl)
    {
        Action<string, string> write = isControl ? File.WriteAllText : KeptFile.Replace;
        for (var turn = 0; ; turn++)
        {
            write(Path.Combine(folder, Snapshot), SnapshotText.Format([RecordOf(turn)]));
            write(Path.Combine(folder, Report), ArmingText.Write(StateOf(turn)));
            if (turn == 0)
            {
                Console.WriteLine("writing");
            }
        }
    }

    /// <summary>How many networks the snapshot of a turn has: from one block of the disk to many, so that a write takes its time.</summary>
    public static int NetworksOf(int turn) => 1 + (turn * 397 % 4_000);

    /// <summary>How many callers the report of a turn has.</summary>
    public static int CallersOf(int turn) => 1 + (turn * 31 % 200);

    private static SnapshotRecord RecordOf(int turn) => new(
        "_ranges.example", At(turn), TimeSpan.FromMinutes(5), [.. Enumerable.Range(0, NetworksOf(turn)).Select(static number => new IPNetwork(new IPAddress([34, (byte)(number >> 8), (byte)number, 0]), 24))],
        int.IsEvenInteger(turn));

    private static ArmingState StateOf(int turn) => new()
    {
        Since = DateTimeOffset.UnixEpoch,
        AsOf = At(turn),
        Settings = "settings",
        SettingsSince = DateTimeOffset.UnixEpoch,
        IsArmed = false,
        QuietSince = DateTimeOffset.UnixEpoch,
        QuietSeconds = turn,
        QuietAdmitted = turn,
        Admitted = turn,
        Strangers = turn,
        Undetermined = 0,
        Callers = [.. Enumerable.Range(0, CallersOf(turn)).Select(number => CallerOf(number, turn))],
    };

    private static CallerState CallerOf(int number, int turn) => new()
    {
        Kind = nameof(CallerKind.Stranger),
        Agent = null,
        Reasons = [RefusalReason.SecretMissing.ToCode()],
        Network = $"203.0.{number}.0/24",
        Route = "/items/{id}",
        FirstSeen = DateTimeOffset.UnixEpoch,
        LastSeen = At(turn),
        Days = 1,
        Refused = turn,
        Reported = turn,
        OvercountAtMost = 0,
    };

    private static DateTimeOffset At(int turn) => DateTimeOffset.UnixEpoch.AddSeconds(turn);
}
