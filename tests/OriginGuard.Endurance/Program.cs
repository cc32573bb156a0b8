using System.Globalization;
using OriginGuard.Endurance.Kills;
using OriginGuard.Endurance.Load;

// What takes too long for a test: each command ends with 0 when nothing went wrong, and with 1 otherwise.
return args switch
{
    ["kills", .. var rest] => await KillRun.RunAsync(Number(rest, 1_000)),
    [Writer.Command, var folder, var isControl] => Writer.Run(folder, bool.Parse(isControl)),
    ["load", .. var rest] => await LoadRun.RunAsync(Number(rest, 10_000_000)),
    _ => Usage(),
};

static int Number(string[] arguments, int usual) => arguments is [var text] ? int.Parse(text, CultureInfo.InvariantCulture) : usual;

static int Usage()
{
    Console.Error.WriteLine("""
        kills [TIMES]      kills a process with SIGKILL while it writes its snapshot and its arming report, and reads both: 1,000 times
        load [REQUESTS]    10,000,000 requests while DNS flaps, the keys fail, settings reload and the secret is rotated
        """);
    return 2;
}
