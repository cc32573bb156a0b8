using System.Text.Json;
using OriginGuard.Arming;
using OriginGuard.TestKit;
using OriginGuard.Tests.Arming;
using OriginGuard.Tool.Terminal;
using Xunit;

namespace OriginGuard.Tests.Tool;

public sealed class ArmCommandTests
{
    [Fact]
    public async Task Names_who_breaks_and_what_to_do()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        world.Meet(CallerKind.GoogleWithoutSecret, "34.96.1.1", "/legacy", RefusalReason.SecretMissing);
        world.Meet(CallerKind.Stranger, "192.0.2.8", "/", RefusalReason.SecretMissing);
        world.Admit(5);
        await world.StopAsync();

        var run = await ToolRun.StartAsync("arm", world.Path);

        Assert.Equal((1, ""), (run.Code, run.Error));
        Assert.Equal("""
            Not ready: 1 caller would be refused that may belong here.

            Would be locked out:

              A load balancer of Google without a right secret: secret.missing
                from     34.96.1.0/24
                calls    /legacy
                requests 1 (0 refused), 2026-01-01 00:00 UTC to 2026-01-01 00:00 UTC
                do       Put the custom request header on every backend service that leads here. If all have it, it is another customer's load balancer, and must be refused.

            2026-01-01 00:00 UTC to 2026-01-01 00:00 UTC: 5 admitted, 1 of strangers not, 0 that the guard could not tell about

            """, run.Output);
    }

    [Fact]
    public async Task Of_a_guard_that_refuses_already_it_names_who_is_locked_out()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync(isArmed: true);
        world.Meet(CallerKind.GoogleWithoutSecret, "34.96.1.1", "/legacy", RefusalReason.SecretMissing);
        await world.StopAsync();

        var run = await ToolRun.StartAsync("arm", world.Path);

        Assert.Equal((1, ""), (run.Code, run.Error));
        Assert.StartsWith("1 caller was refused that may belong here.\n\nLocked out:\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ready_is_exit_code_0_in_text_and_JSON()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        world.Admit(5);
        world.Clock.Advance(TimeSpan.FromDays(2));
        await world.StopAsync();

        Assert.StartsWith("Ready to enforce since 2026-01-01 00:00 UTC", (await RunAsync(world)).Output, StringComparison.Ordinal);
        var run = await RunAsync(world, "--json");

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal("ready", JsonElement.Parse(run.Output).GetProperty("verdict").GetString());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    public async Task A_report_that_ends_more_than_a_day_ago_does_not_say_that_the_guard_is_ready(int moreMinutes, int code)
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        world.Admit(5);
        world.Clock.Advance(TimeSpan.FromDays(2));
        await world.StopAsync();
        world.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(moreMinutes));

        var run = await RunAsync(world);

        Assert.Equal(code, run.Code);
        Assert.StartsWith("Ready to enforce", run.Output, StringComparison.Ordinal);
        Assert.Equal(code == 1, run.Error.Contains("the report ends at 2026-01-03 00:00 UTC", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, 2, 31)]
    [InlineData(false, 0, 33)]
    [InlineData(false, 2, 32)]
    public async Task The_verdict_has_its_colour(bool breaks, int days, int code)
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        world.Admit(5);
        world.Clock.Advance(TimeSpan.FromDays(days));
        if (breaks)
        {
            world.Meet(CallerKind.GoogleWithoutSecret, "34.96.1.1", "/legacy", RefusalReason.SecretMissing);
        }

        await world.StopAsync();

        var run = await ToolRun.StartAsync(["arm", world.Path], static (output, error) => new ToolContext { Output = output, Error = error, Colors = Palette.Colored });

        Assert.Matches($@"\A\e\[{code}m[^\e]+\e\[0m\n", run.Output);
    }

    /// <summary>The file is its application's user's alone, and the tool is often installed for another.</summary>
    [Fact]
    public async Task The_report_can_be_handed_over()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        world.Meet(CallerKind.GoogleWithoutSecret, "34.96.1.1", "/legacy", RefusalReason.SecretMissing);
        await world.StopAsync();
        var report = await File.ReadAllBytesAsync(world.Path, TestContext.Current.CancellationToken);

        var run = await FromInputAsync(report);

        Assert.Equal((1, (await ToolRun.StartAsync("arm", world.Path)).Output), (run.Code, run.Output));
        (await FromInputAsync([])).HasFailed();
        (await FromInputAsync(new byte[ArmingText.MostBytes + 1])).HasFailed();

        static Task<ToolRun> FromInputAsync(byte[] input) =>
            ToolRun.StartAsync(["arm", "-"], (output, error) => new ToolContext { Output = output, Error = error, OpenInput = () => new MemoryStream(input) });
    }

    [Fact]
    public async Task A_file_that_is_no_report_is_one_line()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "some.json");
        await File.WriteAllTextAsync(path, "{}", TestContext.Current.CancellationToken);

        (await ToolRun.StartAsync("arm", path)).HasFailed();
        (await ToolRun.StartAsync("arm", folder.Path)).HasFailed();
        (await ToolRun.StartAsync("arm", Path.Combine(folder.Path, "missing"))).HasFailed();
        (await ToolRun.StartAsync("arm", "")).HasFailed();
    }

    private static Task<ToolRun> RunAsync(ArmingWorld world, params string[] more) =>
        ToolRun.StartAsync(["arm", world.Path, .. more], (output, error) => new ToolContext { Output = output, Error = error, Time = world.Clock });
}
