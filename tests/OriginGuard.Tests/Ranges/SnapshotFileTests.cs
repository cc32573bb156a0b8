using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using OriginGuard.Ranges;
using Xunit;

namespace OriginGuard.Tests.Ranges;

public class SnapshotFileTests
{
    private const string Text = "v=spf1 ip4:34.96.0.0/20 ip6:2600:1900::/28 ~all";

    [Fact]
    public async Task Is_written_after_an_answer_and_read_by_the_next_process()
    {
        await using var scene = await SavedAsync();

        var saved = scene.Snapshots.Load(SupplyScene.Name.ToUpperInvariant(), scene.Options);

        Assert.Equal(RangeOrigin.Snapshot, saved?.Origin);
        Assert.Equal([IPNetwork.Parse("34.96.0.0/20"), IPNetwork.Parse("2600:1900::/28")], saved!.Networks);
        Assert.Equal(scene.Clock.GetUtcNow(), saved.LoadedAt);
        Assert.Equal(TimeSpan.FromMinutes(5), saved.TimeToLive);
        Assert.Empty(scene.Logs.WithId(4121));
    }

    [Fact]
    public async Task Is_for_the_user_alone()
    {
        await using var scene = await SavedAsync();
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows inherits the rights of the folder.");
            return;
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(scene.SnapshotPath));
    }

    [Fact]
    public async Task Leaves_nothing_beside_it()
    {
        await using var scene = await SavedAsync();

        Assert.Equal([scene.SnapshotPath], Directory.GetFileSystemEntries(scene.Folder));
    }

    [Fact]
    public async Task Grows_no_older_while_the_record_does_not_change()
    {
        await using var scene = await SupplyScene.StartedAsync(Text);
        await scene.NextAsync();
        await scene.StopAsync();

        Assert.Equal(1, scene.Refreshes("unchanged"));
        Assert.Equal(scene.Clock.GetUtcNow(), scene.Snapshots.Load(SupplyScene.Name, scene.Options)!.LoadedAt);
    }

    [Fact]
    public async Task Keeps_the_date_of_a_record_that_still_comes_from_an_earlier_snapshot()
    {
        await using var first = await SavedAsync();
        var loadedAt = first.Clock.GetUtcNow();
        first.Clock.Advance(TimeSpan.FromDays(2));

        await using var second = new SupplyScene(static options => options.RecordNames = [SupplyScene.Name, SupplyScene.Other], first);
        second.Fail();
        second.Resolver.Answer(SupplyScene.Other, Text);
        await second.StartAsync();
        await second.StopAsync();

        Assert.Equal(loadedAt, second.Snapshots.Load(SupplyScene.Name, second.Options)!.LoadedAt);
        Assert.Equal(second.Clock.GetUtcNow(), second.Snapshots.Load(SupplyScene.Other, second.Options)!.LoadedAt);
    }

    [Fact]
    public async Task Does_not_hold_what_only_stands_in_or_is_configured()
    {
        await using var scene = new SupplyScene(static options =>
            (options.RecordNames, options.UseBuiltInRanges, options.Networks) = ([SupplyScene.Name, SupplyScene.Other], true, [IPNetwork.Parse("36.0.0.0/16")]));
        scene.Fail();
        scene.Resolver.Answer(SupplyScene.Other, "v=spf1 ip4:35.1.0.0/16");
        await scene.StartAsync();
        await scene.StopAsync();

        var text = await File.ReadAllTextAsync(scene.SnapshotPath, TestContext.Current.CancellationToken);
        Assert.Contains("35.1.0.0/16", text, StringComparison.Ordinal);
        Assert.DoesNotContain("34.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("36.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_ignored_when_it_is_cut_short_anywhere()
    {
        await using var scene = await SavedAsync();
        var whole = await File.ReadAllBytesAsync(scene.SnapshotPath, TestContext.Current.CancellationToken);
        for (var length = 0; length < whole.Length; length++)
        {
            Put(scene, whole[..length]);

            Assert.Null(scene.Snapshots.Load(SupplyScene.Name, scene.Options));
        }

        Assert.Equal(whole.Length, scene.Logs.WithId(4121).Count());
    }

    [Fact]
    public async Task Is_ignored_when_any_octet_of_it_was_changed()
    {
        await using var scene = await SavedAsync();
        var whole = await File.ReadAllBytesAsync(scene.SnapshotPath, TestContext.Current.CancellationToken);
        for (var position = 0; position < whole.Length; position++)
        {
            foreach (var change in (byte[])[0x01, 0x10, 0x80])
            {
                byte[] changed = [.. whole];
                changed[position] ^= change;
                Put(scene, changed);

                Assert.Null(scene.Snapshots.Load(SupplyScene.Name, scene.Options));
            }
        }
    }

    [Theory]
    [InlineData("", "another version, or no snapshot")]
    [InlineData("\n", "another version, or no snapshot")]
    [InlineData("<html>hello</html>", "another version, or no snapshot")]
    [InlineData("\uFEFForiginguard-snapshot 1\n", "another version, or no snapshot")]
    [InlineData("originguard-snapshot 2\nrecord x 2026-01-01T00:00:00.0000000Z 300\n34.96.0.0/20\n", "another version, or no snapshot")]
    [InlineData("originguard-snapshot 1\n34.96.0.0/20\n", "a line that is no network")]
    [InlineData("originguard-snapshot 1\nrecord x 2026-01-01T00:00:00.0000000Z 300\n34.96.0.0/33\n", "a line that is no network")]
    [InlineData("originguard-snapshot 1\nrecord x 2026-01-01T00:00:00.0000000Z 300\n34.96/16\n", "a line that is no network")]
    [InlineData("originguard-snapshot 1\nrecord x yesterday 300\n34.96.0.0/20\n", "a record line that cannot be read")]
    [InlineData("originguard-snapshot 1\nrecord x 2026-01-01T00:00:00.0000000Z -300\n34.96.0.0/20\n", "a record line that cannot be read")]
    [InlineData("originguard-snapshot 1\nrecord x\n34.96.0.0/20\n", "a record line that cannot be read")]
    public async Task Is_ignored_when_it_says_something_else(string text, string reason)
    {
        await using var scene = new SupplyScene();
        Put(scene, Encoding.UTF8.GetBytes(Seal(text)));

        Assert.Null(scene.Snapshots.Load(SupplyScene.Name, scene.Options));

        var log = Assert.Single(scene.Logs.WithId(4121));
        Assert.Equal(LogLevel.Warning, log.Level);
        Assert.Contains(reason, log.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.0/8", "not a public network")]
    [InlineData("0.0.0.0/0", "wider than /8")]
    [InlineData("", "there is no network")]
    public async Task May_not_say_what_a_record_may_not_say(string network, string reason)
    {
        await using var scene = new SupplyScene();
        Put(scene, Encoding.UTF8.GetBytes(Seal(Record(SupplyScene.Name, scene.Clock.GetUtcNow(), network))));

        Assert.Null(scene.Snapshots.Load(SupplyScene.Name, scene.Options));
        Assert.Contains(reason, Assert.Single(scene.Logs.WithId(4121)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task May_not_hold_more_networks_than_a_record_may()
    {
        await using var scene = new SupplyScene();
        var networks = string.Join('\n', Enumerable.Range(0, RangeRules.MaxNetworks + 1).Select(i => $"34.{i >> 8}.{i & 255}.0/24"));
        Put(scene, Encoding.UTF8.GetBytes(Seal(Record(SupplyScene.Name, scene.Clock.GetUtcNow(), networks))));

        Assert.Null(scene.Snapshots.Load(SupplyScene.Name, scene.Options));
        Assert.Contains("10001 networks", Assert.Single(scene.Logs.WithId(4121)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-7, false)]
    [InlineData(-6, true)]
    [InlineData(6, true)]
    [InlineData(7, false)]
    public async Task Is_as_old_as_its_date_is_far_away_on_either_side(int days, bool isTaken)
    {
        await using var scene = new SupplyScene();
        Put(scene, Encoding.UTF8.GetBytes(Seal(Record(SupplyScene.Name, scene.Clock.GetUtcNow().AddDays(days), "34.96.0.0/20"))));

        var saved = scene.Snapshots.Load(SupplyScene.Name, scene.Options);

        Assert.Equal(isTaken, saved is not null);
        Assert.Equal(isTaken ? TimeSpan.FromDays(6) : null, saved?.Age(scene.Clock));
        Assert.Equal(isTaken ? 0 : 1, scene.Logs.WithId(4121).Count());
    }

    [Fact]
    public async Task Is_not_read_beyond_four_mebibytes_even_where_there_is_no_end()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/zero is a file without an end.");
        await using var scene = new SupplyScene(static options => options.SnapshotPath = "/dev/zero");

        Assert.Null(scene.Snapshots.Load(SupplyScene.Name, scene.Options));
        Assert.Contains("more than 4194304 bytes", Assert.Single(scene.Logs.WithId(4121)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_ignored_with_a_warning_when_it_cannot_be_read()
    {
        await using var scene = new SupplyScene();
        Directory.CreateDirectory(scene.SnapshotPath);

        Assert.Null(scene.Snapshots.Load(SupplyScene.Name, scene.Options));
        Assert.StartsWith($"The snapshot {scene.SnapshotPath} is ignored: it is a directory; name a file in it.", Assert.Single(scene.Logs.WithId(4121)).Message, StringComparison.Ordinal);
    }

    /// <summary>The path of a secret or of the configuration, given by mistake: nothing is lost.</summary>
    [Theory]
    [InlineData("xVx3Zt0bqkQ8m1nHc5rYw7LpT2dGs9Ja")]
    [InlineData("{ \"OriginGuard\": { } }")]
    [InlineData("\n")]
    [InlineData("Originguard-snapshot 1\n")]
    [InlineData(null)] // more than a snapshot can have
    public async Task A_file_that_holds_something_else_is_left_as_it_is(string? text)
    {
        await using var scene = new SupplyScene();
        var content = text ?? new string('x', (4 * 1024 * 1024) + 1);
        Put(scene, Encoding.UTF8.GetBytes(content));
        scene.Resolver.Answer(SupplyScene.Name, Text);
        await scene.StartAsync();
        await scene.StopAsync();

        Assert.Equal(content, await File.ReadAllTextAsync(scene.SnapshotPath, TestContext.Current.CancellationToken));
        Assert.Single(scene.Logs.WithId(4121));
        Assert.Matches("could not be written: it (holds something else, and is left as it is|has more than 4194304 bytes)", Assert.Single(scene.Logs.WithId(4122)).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("originguard-sn")]
    [InlineData("originguard-snapshot 2\nof another version\n")]
    [InlineData("originguard-snapshot 1\ncut short")]
    public async Task What_was_a_snapshot_or_would_have_become_one_is_written_anew(string text)
    {
        await using var scene = new SupplyScene();
        Put(scene, Encoding.UTF8.GetBytes(text));
        scene.Resolver.Answer(SupplyScene.Name, Text);
        await scene.StartAsync();
        await scene.StopAsync();

        Assert.NotNull(scene.Snapshots.Load(SupplyScene.Name, scene.Options));
        Assert.Empty(scene.Logs.WithId(4122));
    }

    [Fact]
    public async Task Is_named_in_full_when_its_path_counts_from_where_the_process_was_started()
    {
        await using var scene = new SupplyScene(static options => options.SnapshotPath = "no/such/folder/ranges.snapshot");

        scene.Snapshots.Save(scene.Ranges.Snapshot, scene.Options);
        Assert.StartsWith(
            $"The snapshot {Path.GetFullPath("no/such/folder/ranges.snapshot")} (relative to the directory that the process was started in) could not be written",
            Assert.Single(scene.Logs.WithId(4122)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_not_missed_at_the_first_start()
    {
        await using var scene = new SupplyScene();
        Assert.Null(scene.Snapshots.Load(SupplyScene.Name, scene.Options));

        scene.Options.SnapshotPath = Path.Combine(scene.Folder, "no", "such", "folder");
        Assert.Null(scene.Snapshots.Load(SupplyScene.Name, scene.Options));

        scene.Options.SnapshotPath = null;
        Assert.Null(scene.Snapshots.Load(SupplyScene.Name, scene.Options));
        Assert.Empty(scene.Logs.Entries);
    }

    [Theory]
    [InlineData("no/such/folder/ranges.snapshot")]
    [InlineData("a-file/ranges.snapshot")]
    [InlineData("a-folder")]
    [InlineData("/sys/originguard.snapshot")]
    [InlineData("nul\0character")]
    public async Task Costs_one_warning_and_nothing_else_when_it_cannot_be_written(string path)
    {
        Assert.SkipWhen(path.StartsWith('/') && !OperatingSystem.IsLinux(), "/sys takes no files on Linux.");
        await using var scene = new SupplyScene();
        Put(scene, [], "a-file");
        Directory.CreateDirectory(Path.Combine(scene.Folder, "a-folder", "with-something-in-it"));
        scene.Options.SnapshotPath = path.StartsWith('/') ? path : scene.Folder + '/' + path;
        scene.Resolver.Answer(SupplyScene.Name, Text);
        await scene.StartAsync();
        await SupplyScene.UntilAsync(() => scene.Logs.WithId(4122).Any());
        await scene.NextAsync();
        await scene.StopAsync();

        Assert.Equal(SupplyScene.Admitted, scene.Verdict("34.96.1.1"));
        Assert.Equal([LogLevel.Warning, LogLevel.Debug], scene.Logs.WithId(4122).Select(static entry => entry.Level));
        Assert.Empty(Directory.EnumerateFiles(scene.Folder, "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Is_whole_at_every_moment_while_two_processes_write_it()
    {
        await using var scene = await SavedAsync();
        await using var other = new SupplyScene(before: scene);
        other.Ranges.Use(other.Ranges.Prepare(other.Options));
        other.Ranges.Publish(other.Ranges.NewPart(SupplyScene.Name, [IPNetwork.Parse("35.1.0.0/16")], RangeOrigin.Dns));
        const int Turns = 20;

        var writing = Task.WhenAll(
            Task.Run(() => Repeat(() => scene.Snapshots.Save(scene.Ranges.Snapshot, scene.Options)), TestContext.Current.CancellationToken),
            Task.Run(() => Repeat(() => other.Snapshots.Save(other.Ranges.Snapshot, other.Options)), TestContext.Current.CancellationToken));
        HashSet<int> seen = [];
        while (!writing.IsCompleted)
        {
            seen.Add(Assert.IsType<RecordRanges>(scene.Snapshots.Load(SupplyScene.Name, scene.Options)).Networks.Count);
        }

        await writing;
        Assert.Subset(new HashSet<int> { 1, 2 }, seen);
        Assert.Empty(scene.Logs.WithId(4121).Concat(scene.Logs.WithId(4122)).Concat(other.Logs.WithId(4122)));
        Assert.Equal([scene.SnapshotPath], Directory.GetFileSystemEntries(scene.Folder));

        static void Repeat(Action action)
        {
            for (var turn = 0; turn < Turns; turn++)
            {
                action();
            }
        }
    }

    [Fact]
    public void Can_hold_a_ttl_that_dns_itself_cannot_say()
    {
        var record = new SnapshotRecord("x", default, TimeSpan.MaxValue, [IPNetwork.Parse("34.96.0.0/20")], isConfirmed: false);

        Assert.Equal(TimeSpan.FromSeconds(int.MaxValue), SnapshotText.Parse(SnapshotText.Format([record])).Single().TimeToLive);
    }

    private static async Task<SupplyScene> SavedAsync()
    {
        var scene = await SupplyScene.StartedAsync(Text);
        await scene.StopAsync();
        return scene;
    }

    private static void Put(SupplyScene scene, byte[] content, string name = "ranges.snapshot") => File.WriteAllBytes(Path.Combine(scene.Folder, name), content);

    private static string Record(string name, DateTimeOffset loadedAt, string networks) =>
        $"originguard-snapshot 1\nrecord {name} {loadedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)} 300\n{(networks.Length == 0 ? "" : networks + "\n")}";

    /// <summary>Adds the checksum that belongs to a text, as whoever tampers with the file could.</summary>
    private static string Seal(string text) => $"{text}sha256 {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}\n";
}
