using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.SharedSecret;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using OriginGuard.Tests.Iap;
using OriginGuard.Tests.Testing;
using OriginGuard.Tool.Terminal;
using Xunit;

namespace OriginGuard.Tests.Tool;

/// <summary><c>originguard secret rotate</c>, through a load balancer that changes over.</summary>
public sealed class RotateCommandTests
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ManualTimeProvider _clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_step_is_said_and_only_the_last_one_ends_well()
    {
        await using var origin = await OriginAsync();
        await using var before = await FrontAsync(origin, GuardedApp.PreviousSecret);
        await using var after = await FrontAsync(origin, GuardedApp.Secret);

        await AskAsync(before);
        _clock.Advance(Look);
        Assert.Equal((1, "install"), Step(await AskAsync(before)));
        await AskAsync(after);
        _clock.Advance(Look);
        Assert.Equal((1, "keep"), Step(await AskAsync(after)));
        for (var minute = 0; minute < 10; minute++)
        {
            _clock.Advance(Minute);
            await AskAsync(after);
        }

        _clock.Advance(Look);
        Assert.Equal((1, "wait"), Step(await AskAsync(after)));
        using var client = new HttpClient();
        for (var request = 0; request < Rotation.Proof; request++)
        {
            using var answer = await client.GetAsync(after.Address, TestContext.Current.CancellationToken); // whatever it is, it was let in
        }

        _clock.Advance(Look);
        var last = await ToolRun.StartAsync("secret", "rotate", "--through", $"{after.Address}_originguard");
        Assert.Equal((0, ""), (last.Code, last.Error));
        Assert.Matches(@"\Asince 2026-01-01 00:00:00Z\n  slot 0  last seen 2026-01-01 00:1[01]:\d\dZ +\d+ requests\n  slot 1  last seen 2026-01-01 00:00:\d\dZ +\d+ requests\nSlot 1 has not been seen", last.Output);
        Assert.DoesNotContain(GuardedApp.Secret, last.Output, StringComparison.Ordinal);
    }

    /// <summary>A script that removes what may go must not remove the only one: the process may not have read the new one yet.</summary>
    [Fact]
    public async Task Where_there_is_one_secret_nothing_may_go()
    {
        await using var origin = await OriginAsync(isChanging: false);
        await using var front = await FrontAsync(origin, GuardedApp.Secret);

        var run = await ToolRun.StartAsync("secret", "rotate", "--through", $"{front.Address}_originguard");

        Assert.Equal(1, run.Code);
        Assert.Contains("There is one secret.", run.Output, StringComparison.Ordinal);
    }

    /// <summary>Two files between two rotations, or a process that has not read the new one yet: nothing may go.</summary>
    [Fact]
    public async Task One_secret_in_all_slots_is_no_rotation_and_no_end_of_one()
    {
        await using var origin = await OriginAsync(more: ("SharedSecret:Secrets:1", GuardedApp.Secret));
        await using var front = await FrontAsync(origin, GuardedApp.Secret);

        var run = await ToolRun.StartAsync("secret", "rotate", "--through", $"{front.Address}_originguard");

        Assert.Equal(1, run.Code);
        Assert.Contains("All slots hold one secret: no rotation is under way in this process. After a change of a file, wait for 4201.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_says_what_has_changed_outlives_a_failure_and_ends_when_the_old_secret_may_go()
    {
        var answers = new Queue<(int Status, string Step)>([(200, "install"), (200, "install"), (503, ""), (200, "keep"), (200, "remove")]);
        var tool = new ManualTimeProvider();
        await using var other = await KestrelOrigin.StartAsync(context =>
        {
            var (status, step) = answers.Dequeue();
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(Diagnosis(step));
        });

        var running = ToolRun.StartAsync(
            ["secret", "rotate", "--through", $"{other.Address}", "--watch", "--json"], (output, error) => new ToolContext { Output = output, Error = error, Time = tool });
        for (var pause = 0; pause < 4; pause++)
        {
            await IapWorld.UntilAsync(() => running.IsCompleted || tool.ArmedTimers is [var rest] && rest == TimeSpan.FromSeconds(30));
            tool.Advance(TimeSpan.FromSeconds(30));
        }

        var run = await running;
        Assert.Equal((0, "The diagnostics at --through do not answer: 503.\n"), (run.Code, run.Error));
        Assert.Equal(["install", "keep", "remove"], run.Output.TrimEnd().Split('\n').Select(static line => JsonElement.Parse(line).GetProperty("step").GetString()));
        Assert.Empty(answers);
    }

    /// <summary>IAP's tokens are good for an hour: whoever renews the file renews the token of the watch.</summary>
    [Fact]
    public async Task A_watch_reads_its_token_anew()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "token");
        await File.WriteAllTextAsync(file, "first", Stop);
        var tool = new ManualTimeProvider();
        List<string> tokens = [];
        await using var other = await KestrelOrigin.StartAsync(context =>
        {
            tokens.Add($"{context.Request.Headers.Authorization}");
            return context.Response.WriteAsync(Diagnosis(tokens.Count < 3 ? "keep" : "remove"));
        });

        var running = ToolRun.StartAsync(
            ["secret", "rotate", "--through", $"{other.Address}", "--token-file", file, "--watch"], (output, error) => new ToolContext { Output = output, Error = error, Time = tool });
        foreach (var renewed in (string[])["", "second", "third"])
        {
            await IapWorld.UntilAsync(() => running.IsCompleted || tool.ArmedTimers is [var rest] && rest == TimeSpan.FromSeconds(30));
            if (renewed.Length > 0)
            {
                await File.WriteAllTextAsync(file, renewed, Stop);
            }
            else
            {
                File.Delete(file);
            }

            tool.Advance(TimeSpan.FromSeconds(30));
        }

        var run = await running;
        Assert.Equal(0, run.Code);
        Assert.Equal(["Bearer first", "Bearer second", "Bearer third"], tokens);
        Assert.Contains("the token cannot be read: there is no such file", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--through needs an https", "secret rotate --help")]
    [InlineData("--through needs an https", "secret rotate --help", "--through", "ftp://x/")]
    [InlineData("no answer", "ConnectionError", "--through", "http://127.0.0.1:1/")]
    public async Task What_cannot_be_asked_is_an_error(string says, string and, params string[] args)
    {
        var run = await ToolRun.StartAsync(["secret", "rotate", .. args]);

        run.HasFailed();
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Contains(and, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_origin_without_a_secret_has_nothing_to_rotate()
    {
        await using var origin = await OriginAsync(more: ("SharedSecret:Mode", "Disabled"));
        await using var front = await FrontAsync(origin, GuardedApp.Secret);

        var run = await ToolRun.StartAsync("secret", "rotate", "--through", $"{front.Address}_originguard");

        run.HasFailed();
        Assert.Contains("checks no shared secret", run.Error, StringComparison.Ordinal);
    }

    private static string Diagnosis(string step) => """
        {"time":"2026-01-01T00:00:00Z","mode":"Enforce","platform":"InternetNeg","arrived":{"protocol":"HTTP/1.1","headerLines":1,"headerOctets":1,"frontEndHeaders":[],
        "secretLines":1,"assertionLines":0,"assertionIssuedAt":null,"forwardedForEntries":0,"testHeaders":[]},
        "sharedSecret":{"headerName":"X","since":"2026-01-01T00:00:00Z","rotation":"STEP","rotationStep":"STEP","slots":[{"slot":0,"matches":1,"lastSeen":null},{"slot":1,"matches":1,"lastSeen":null}]}}
        """.Replace("STEP", step, StringComparison.Ordinal);

    private static (int Code, string? Step) Step(ToolRun run) => (run.Code, JsonElement.Parse(run.Output).GetProperty("step").GetString());

    private static Task<ToolRun> AskAsync(SimulatedLoadBalancer front) => ToolRun.StartAsync("secret", "rotate", "--through", $"{front.Address}_originguard", "--json");

    private static Task<SimulatedLoadBalancer> FrontAsync(GuardedOrigin origin, string secret) => SimulatedLoadBalancer.StartAsync(
        new SimulatedLoadBalancerOptions { Origin = origin.Address, CustomRequestHeaders = [new CustomRequestHeader("X-Origin-Guard", secret)] }, Stop);

    private Task<GuardedOrigin> OriginAsync(bool isChanging = true, params (string Key, string? Value)[] more) => GuardedOrigin.StartAsync(
        GuardedApp.Settings([("SourceAddress:Networks:0", "127.0.0.2/32"), .. isChanging ? [("SharedSecret:Secrets:1", GuardedApp.PreviousSecret)] : ((string, string?)[])[], .. more]),
        pipeline: static app =>
        {
            app.UseOriginGuard();
            app.MapOriginGuardDiagnostics();
        },
        services: services => services.AddSingleton<TimeProvider>(_clock));
}
