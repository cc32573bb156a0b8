using Microsoft.Extensions.Logging;
using OriginGuard.Arming;
using OriginGuard.TestKit;
using OriginGuard.Tests.Ranges;
using Xunit;

namespace OriginGuard.Tests.Arming;

/// <summary>The report over restarts, whatever lies in its place.</summary>
public sealed class ArmingFileTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Goes_on_over_a_restart_in_order()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/metrics", RefusalReason.AddressOutsideRanges, RefusalReason.SecretMissing);
        world.Meet(CallerKind.Stranger, "192.0.2.8", null, RefusalReason.AddressOutsideRanges);
        world.Admit(3);
        await world.StopAsync();
        var before = ArmingText.Write(world.Report);

        await world.RestartAsync(inOrder: false);

        Assert.Equal(before, ArmingText.Write(world.Report));
        world.Meet(CallerKind.OwnNetwork, "10.1.2.4", "/metrics", RefusalReason.AddressOutsideRanges, RefusalReason.SecretMissing);
        Assert.Equal(2, Assert.Single(world.Report.Breaks).Reported);
        Assert.Equal(3, world.Report.Admitted);
    }

    [Fact]
    public async Task Is_written_each_minute_that_brought_something()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/metrics", RefusalReason.SecretMissing);

        // A turn that finds the write before it still on its way leaves it to the next.
        await SupplyScene.UntilAsync(() => File.Exists(world.Path) && world.Clock.ArmedTimers is [{ } next] && next == ArmingKeeper.Interval);
        await TurnUntilAsync(world, () => Holds(world.Path, "/metrics"));
    }

    [Fact]
    public async Task Is_not_written_again_before_there_is_something_new()
    {
        await using var world = new ArmingWorld();
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/metrics", RefusalReason.SecretMissing);

        Assert.NotNull(world.Account.TakeChanged());
        Assert.Null(world.Account.TakeChanged());
        world.Admit();
        Assert.NotNull(world.Account.TakeChanged());
        Assert.Null(world.Account.TakeChanged());
    }

    [Fact]
    public async Task A_process_that_was_never_stopped_leaves_nothing_that_writes()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        await SupplyScene.UntilAsync(() => world.Clock.ArmedTimers.Count == 1);

        await world.RestartAsync(inOrder: false);

        await SupplyScene.UntilAsync(() => world.Clock.ArmedTimers is [{ } next] && next == ArmingKeeper.Interval);
    }

    [Fact]
    public async Task Holds_no_address_and_is_for_the_user_alone()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/orders/{id}", RefusalReason.SecretMissing);
        await world.StopAsync();

        Assert.DoesNotContain("10.1.2.3", await File.ReadAllTextAsync(world.Path, Stop), StringComparison.Ordinal);
        Assert.Equal([world.Path], Directory.GetFileSystemEntries(world.Folder));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(world.Path));
        }
    }

    [Theory]
    [InlineData("{ \"ConnectionStrings\": {} }")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{ \"format\": \"originguard-arming 2\", \"account\": null }")]
    [InlineData("{ \"format\": \"originguard-arming 1\", \"account\": { \"callers\": null } }")]
    public async Task What_is_no_report_is_left_as_it_is(string text)
    {
        await using var world = new ArmingWorld();
        await File.WriteAllTextAsync(world.Path, text, Stop);

        await world.StartAsync();
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/metrics", RefusalReason.SecretMissing);
        await world.StopAsync();

        Assert.Equal(text, await File.ReadAllTextAsync(world.Path, Stop));
        Assert.Contains("Remove it, or name another file", Assert.Single(world.Logs.WithId(4017)).Message, StringComparison.Ordinal);
        Assert.Single(world.Report.Breaks);
    }

    [Fact]
    public async Task A_good_account_that_could_not_be_read_at_the_start_is_not_written_over()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/weekly", RefusalReason.SecretMissing);
        await world.StopAsync();
        var kept = await File.ReadAllTextAsync(world.Path, Stop);
        File.Delete(world.Path);
        Directory.CreateDirectory(world.Path); // cannot be read

        await world.RestartAsync(inOrder: false);
        await SupplyScene.UntilAsync(() => world.Logs.WithId(4018).Count() == 2); // the start and the first turn have found it so
        Directory.Delete(world.Path);
        await File.WriteAllTextAsync(world.Path, kept, Stop);
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/metrics", RefusalReason.SecretMissing);
        await world.StopAsync();

        Assert.Equal(kept, await File.ReadAllTextAsync(world.Path, Stop));
    }

    [Fact]
    public async Task What_could_not_be_written_is_written_by_the_next_turn_that_can()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        await SupplyScene.UntilAsync(() => File.Exists(world.Path));
        File.Delete(world.Path);
        Directory.CreateDirectory(Path.Combine(world.Path, "something")); // no file takes its place
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/metrics", RefusalReason.SecretMissing);
        await TurnUntilAsync(world, () => world.Logs.WithId(4018).Any());

        Directory.Delete(world.Path, recursive: true);
        await TurnUntilAsync(world, () => Holds(world.Path, "/metrics"));
    }

    [Fact]
    public async Task Once_it_is_removed_as_the_line_says_the_report_is_written()
    {
        await using var world = new ArmingWorld();
        await File.WriteAllTextAsync(world.Path, "", Stop);
        await world.StartAsync();
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/metrics", RefusalReason.SecretMissing);

        File.Delete(world.Path);
        await world.StopAsync();

        Assert.Contains("/metrics", await File.ReadAllTextAsync(world.Path, Stop), StringComparison.Ordinal);
        Assert.Single(world.Logs.WithId(4017));
    }

    [Fact]
    public async Task Every_cut_and_every_changed_byte_of_a_report_is_read_whole_or_refused()
    {
        await using var world = new ArmingWorld();
        world.Meet(CallerKind.NamedAgent, "198.51.100.7", "/", RefusalReason.AddressOutsideRanges, RefusalReason.SecretMismatch);
        var text = ArmingText.Write(world.Account.Read());

        for (var length = 0; length < text.Length - 2; length++)
        {
            Assert.Throws<FormatException>(() => ArmingText.Parse(text[..length]));
        }

        for (var at = 0; at < text.Length; at++)
        {
            foreach (var put in "0x}\",-")
            {
                var changed = $"{text[..at]}{put}{text[(at + 1)..]}";
                if (Try(changed) is { } state)
                {
                    _ = ArmingReport.Of(state);
                    world.Account.Restore(state);
                    _ = world.Report;
                }
            }
        }

        static ArmingState? Try(string text)
        {
            try
            {
                return ArmingText.Parse(text);
            }
            catch (FormatException)
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task Another_file_of_a_reload_is_not_overwritten_unseen()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        var other = Path.Combine(world.Folder, "appsettings.json");
        await File.WriteAllTextAsync(other, "{}", Stop);

        world.Options.Arming.ReportPath = other;
        world.Use();
        await world.StopAsync();

        Assert.Equal("{}", await File.ReadAllTextAsync(other, Stop));
        Assert.Single(world.Logs.WithId(4017));
    }

    /// <summary>Weeks of another time, which only a start goes on with: the minutes of this process are not written over them.</summary>
    [Fact]
    public async Task A_good_account_that_a_reload_names_is_left_to_the_next_start()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/weekly", RefusalReason.SecretMissing);
        await world.StopAsync();
        var kept = await File.ReadAllTextAsync(world.Path, Stop);
        world.Options.Arming.ReportPath = Path.Combine(world.Folder, "other.json");
        await world.RestartAsync(inOrder: false);
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/metrics", RefusalReason.SecretMissing);

        world.Options.Arming.ReportPath = world.Path;
        world.Use();
        await world.StopAsync();

        Assert.Equal(kept, await File.ReadAllTextAsync(world.Path, Stop));
        Assert.Contains("restart to go on with it", Assert.Single(world.Logs.WithId(4017)).Message, StringComparison.Ordinal);
        await world.RestartAsync(inOrder: false);
        Assert.Equal("/weekly", Assert.Single(world.Account.Read().Callers).Route);
    }

    /// <summary>There and back again: what this process has written is its own.</summary>
    [Fact]
    public async Task A_report_of_this_process_is_written_again_when_a_reload_names_it_again()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        await SupplyScene.UntilAsync(() => File.Exists(world.Path));
        var there = Path.Combine(world.Folder, "there.json");
        foreach (var path in (string[])[there, world.Path, there])
        {
            world.Options.Arming.ReportPath = path;
            world.Use();
            world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/metrics", RefusalReason.SecretMissing);
            await TurnUntilAsync(world, () => Holds(path, "/metrics"));
            await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path, Stop)).Replace("/metrics", "/former", StringComparison.Ordinal), Stop);
        }

        Assert.Empty(world.Logs.WithId(4017));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_said_once_and_costs_nothing_else()
    {
        await using var world = new ArmingWorld();
        world.Options.Arming.ReportPath = Path.Combine(world.Folder, "missing", "arming.json");
        await world.StartAsync();
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/metrics", RefusalReason.SecretMissing);
        await world.StopAsync();

        Assert.Contains("It goes on in memory", world.Logs.WithId(4018).First().Message, StringComparison.Ordinal);
        Assert.Equal([LogLevel.Warning, LogLevel.Debug], world.Logs.WithId(4018).Select(static line => line.Level));
        Assert.Single(world.Report.Breaks);
    }

    [Fact]
    public async Task A_disk_that_begins_to_hang_is_told_of_while_the_application_runs()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        await SupplyScene.UntilAsync(() => File.Exists(world.Path));
        var pipe = Path.Combine(world.Folder, "hangs.json");
        await MakePipeAsync(pipe);
        world.Options.Arming.ReportPath = pipe;
        world.Use();
        List<int> told = [];
        for (var minute = 1; minute <= 3; minute++)
        {
            world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/metrics", RefusalReason.SecretMissing);
            world.Clock.Advance(TimeSpan.FromMinutes(1));
            await SupplyScene.UntilAsync(() => world.Clock.ArmedTimers is [{ TotalMinutes: 1 }]);
            told.Add(world.Logs.WithId(4018).Count());
        }

        // Nothing reads there any more, and the reading that hangs ends when somebody writes.
        world.Options.Arming.ReportPath = world.Path;
        world.Use();
        await File.WriteAllTextAsync(pipe, "no report", Stop);
        Assert.Equal([0, 1, 2], told);
        Assert.Equal([LogLevel.Warning, LogLevel.Debug], world.Logs.WithId(4018).Select(static line => line.Level));
        Assert.Contains("hangs.json is not kept: the disk has not answered within 2 s", world.Logs.WithId(4018).First().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_hangs_costs_the_report_and_not_the_start()
    {
        await using var world = new ArmingWorld();
        await MakePipeAsync(world.Path);
        var start = world.StartAsync();
        try
        {
            await SupplyScene.UntilAsync(() => world.Clock.ArmedTimers is [{ TotalSeconds: 2 }]);
            world.Clock.Advance(TimeSpan.FromSeconds(2));
            await SupplyScene.UntilAsync(() => start.IsCompleted);
            world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/metrics", RefusalReason.SecretMissing);
        }
        finally
        {
            // The reading ends when somebody writes; what it held is not taken over, and not written over.
            await File.WriteAllTextAsync(world.Path, ArmingText.Write(world.Account.Read() with { Strangers = 7 }), Stop);
        }

        await start;
        await world.StopAsync();
        Assert.Contains("the disk has not answered within 2 s", Assert.Single(world.Logs.WithId(4018)).Message, StringComparison.Ordinal);
        Assert.Equal(0, world.Report.Strangers.Requests);
        using var isPipe = System.Diagnostics.Process.Start("test", ["-p", world.Path]);
        await isPipe.WaitForExitAsync(Stop);
        Assert.Equal(0, isPipe.ExitCode);
    }

    [Theory]
    [InlineData("\"quietSeconds\": 0", "\"quietSeconds\": 9223372036854775807")]
    [InlineData("\"quietSeconds\": 0", "\"quietSeconds\": -1")]
    [InlineData("\"admitted\": 0", "\"admitted\": -1")]
    [InlineData("\"strangers\": 0", "\"strangers\": 9223372036854775807")]
    [InlineData("\"refused\": 0", "\"refused\": 9223372036854775807")]
    [InlineData("\"reported\": 1", "\"reported\": -1")]
    [InlineData("\"days\": 1", "\"days\": 0")]
    [InlineData("\"OwnNetwork\"", "\"5\"")]
    [InlineData("\"OwnNetwork\"", "\"99\"")]
    [InlineData("10.1.2.0/24", "10.1.2.0/99")]
    [InlineData("secret.missing", "secret.unheard_of")]
    public async Task What_cannot_be_counted_ends_neither_the_start_nor_the_page(string written, string put)
    {
        await using var world = new ArmingWorld();
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/metrics", RefusalReason.SecretMissing);
        var text = ArmingText.Write(world.Account.Read());
        Assert.Contains(written, text, StringComparison.Ordinal);

        Assert.Throws<FormatException>(() => ArmingText.Parse(text.Replace(written, put, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_reload_while_the_file_is_read_is_in_force_when_it_has_been_read()
    {
        await using var world = new ArmingWorld();
        var kept = world.Account.Read() with { Settings = "those before", Strangers = 7 };
        await MakePipeAsync(world.Path);
        var start = world.StartAsync();
        var other = Path.Combine(world.Folder, "other.json");

        world.Use(new OriginGuardOptions { Arming = { ReportPath = other }, SharedSecret = { HeaderName = "X-Other" } });
        await File.WriteAllTextAsync(world.Path, ArmingText.Write(kept), Stop);
        await start;
        await world.StopAsync();

        Assert.Equal(7, world.Report.Strangers.Requests);
        Assert.Equal(world.Account.Read().Settings, ArmingText.Parse(await File.ReadAllTextAsync(other, Stop)).Settings);
        Assert.NotEqual("those before", world.Account.Read().Settings);
    }

    [Fact]
    public async Task Dates_of_a_clock_that_went_ahead_are_those_of_now()
    {
        await using var world = new ArmingWorld();
        world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/metrics", RefusalReason.SecretMissing);
        var saved = world.Account.Read();
        world.Account.Restore(saved with
        {
            Since = saved.Since.AddYears(1),
            QuietSince = saved.QuietSince.AddYears(1),
            SettingsSince = saved.SettingsSince.AddYears(1),
            Callers = [saved.Callers[0] with { FirstSeen = saved.AsOf.AddYears(1), LastSeen = saved.AsOf.AddYears(1) }],
        });

        var (restored, now) = (world.Account.Read(), world.Clock.GetUtcNow());
        Assert.Equal((now, now, now), (restored.Since, restored.QuietSince, restored.SettingsSince));
        Assert.Equal((now, now), (Assert.Single(restored.Callers).FirstSeen, restored.Callers[0].LastSeen));
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(null, "/data/ranges.txt", "/data/ranges.txt.arming.json")]
    [InlineData("/data/arming.json", "/data/ranges.txt", "/data/arming.json")]
    public void Lies_beside_the_snapshot_unless_it_is_told_otherwise(string? path, string? snapshot, string? expected) =>
        Assert.Equal(expected, ArmingFile.PathOf(new OriginGuardOptions { Arming = { ReportPath = path }, SourceAddress = { SnapshotPath = snapshot } }));

    [Theory]
    [InlineData(" ", "is blank")]
    [InlineData("/data/ranges.txt", "is also SourceAddress:SnapshotPath")]
    public async Task A_path_that_cannot_be_meant_ends_the_start(string path, string problem)
    {
        var failure = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(
            () => GuardedApp.StartAsync(("Arming:ReportPath", path), ("SourceAddress:SnapshotPath", "/data/ranges.txt")));

        Assert.Contains($"OriginGuard:Arming:ReportPath {problem}", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A named pipe, which stands for a disk that hangs or is slow: who reads it waits for somebody to write.</summary>
    private static async Task MakePipeAsync(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Only Unix has named pipes in folders.");
        using var made = System.Diagnostics.Process.Start("mkfifo", [path]);
        await made.WaitForExitAsync(Stop);
        Assert.Equal(0, made.ExitCode);
    }

    /// <summary>One turn of the keeper after the other.</summary>
    private static Task TurnUntilAsync(ArmingWorld world, Func<bool> reached) => SupplyScene.UntilAsync(() =>
    {
        world.Clock.Advance(ArmingKeeper.Interval);
        return reached();
    });

    private static bool Holds(string path, string text) => File.Exists(path) && File.ReadAllText(path).Contains(text, StringComparison.Ordinal);
}
