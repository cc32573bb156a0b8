using System.Globalization;
using System.Text.RegularExpressions;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.RealServers.Tests.Model;

/// <summary>What real origins did, held against the model: whether that can have been so, SPIN says.</summary>
public sealed partial class RefreshTraceTests
{
    private const int Steps = 60;

    private static readonly TracedSettings[] Settings =
    [
        new(NamesGoogle: true, NamesMore: false, IsLax: false, UsesBuiltIn: false),
        new(NamesGoogle: true, NamesMore: false, IsLax: true, UsesBuiltIn: true),
        new(NamesGoogle: true, NamesMore: true, IsLax: false, UsesBuiltIn: true),
        new(NamesGoogle: true, NamesMore: true, IsLax: true, UsesBuiltIn: false),
        new(NamesGoogle: false, NamesMore: true, IsLax: true, UsesBuiltIn: false),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_the_code_does_the_model_can_do(int seed)
    {
        ServerProgram.Spin.Require();
        await using var origin = new TracedOrigin();
        var random = new Random(seed);
        var settings = Settings[random.Next(Settings.Length)];
        await origin.StartAsync(settings, Any(random), Any(random));
        for (var step = 1; step < Steps; step++)
        {
            switch (random.Next(12))
            {
                case 0:
                    await origin.StartAsync(settings = Settings[random.Next(Settings.Length)], Any(random), Any(random));
                    break;
                case 1 or 2:
                    await origin.ReloadAsync(settings = Settings[random.Next(Settings.Length)], Any(random), Any(random));
                    break;
                case 3:
                    await origin.ReloadAsync(settings, DnsSays.Failed, DnsSays.Failed);
                    break;
                case 4:
                    await origin.ReloadInvalidAsync();
                    break;
                case 5:
                    await origin.GrowOldAsync();
                    break;
                case 6:
                    await origin.LoseFileAsync();
                    break;
                case 7:
                    await origin.ReloadAsync(settings = settings with { IsLax = !settings.IsLax }, DnsSays.Failed, DnsSays.Failed);
                    break;
                default:
                    await origin.NextTurnAsync(Any(random), Any(random));
                    break;
            }
        }

        Assert.Null(await FirstImpossibleAsync(origin.Trace));
    }

    [Fact]
    public async Task What_it_does_where_a_mistake_would_show_the_model_can_do_too()
    {
        ServerProgram.Spin.Require();
        await using var origin = new TracedOrigin();
        var strict = Settings[0];
        var lax = strict with { IsLax = true };

        // What is forbidden for a moment is gone for good, where neither DNS nor the disk says it again.
        await origin.StartAsync(lax, DnsSays.Private, DnsSays.Failed);
        await origin.LoseFileAsync();
        await origin.ReloadAsync(strict, DnsSays.Failed, DnsSays.Failed);
        await origin.ReloadAsync(lax, DnsSays.Failed, DnsSays.Failed);
        Assert.DoesNotContain(OriginOutcome.Admitted, origin.Trace[^1].Seen);

        // An answer outlives what stands in.
        await origin.NextTurnAsync(DnsSays.Some, DnsSays.Failed);
        await origin.LoseFileAsync();
        await origin.ReloadAsync(strict with { UsesBuiltIn = true }, DnsSays.Failed, DnsSays.Failed);
        await origin.ReloadAsync(strict, DnsSays.Failed, DnsSays.Failed);

        // What was saved is no younger for it.
        await origin.NextTurnAsync(DnsSays.Some, DnsSays.Failed);
        await origin.GrowOldAsync();
        await origin.StartAsync(strict, DnsSays.Failed, DnsSays.Failed);

        // What one configuration has taken, another judges anew.
        await origin.ReloadAsync(lax, DnsSays.Private, DnsSays.Failed);
        await origin.ReloadAsync(strict, DnsSays.Failed, DnsSays.Failed);

        Assert.Null(await FirstImpossibleAsync(origin.Trace));
    }

    [Theory]
    [InlineData(DnsSays.Failed, 1, OriginOutcome.Undetermined)] // the last known good, lost by a failure
    [InlineData(DnsSays.Failed, 3, OriginOutcome.Admitted)] // a stranger, let in while DNS fails
    [InlineData(DnsSays.Some, 3, OriginOutcome.Admitted)]
    [InlineData(DnsSays.Private, 2, OriginOutcome.Admitted)] // what the settings forbid
    [InlineData(DnsSays.Some, 0, OriginOutcome.Admitted)] // a stand-in that may not be one
    public async Task What_the_code_must_not_do_the_model_cannot_do(DnsSays then, int peer, OriginOutcome wrong)
    {
        ServerProgram.Spin.Require();
        await using var origin = new TracedOrigin();
        await origin.StartAsync(Settings[0], DnsSays.Failed, DnsSays.Failed);
        await origin.NextTurnAsync(DnsSays.Some, DnsSays.Failed);
        await origin.NextTurnAsync(then, DnsSays.Failed);
        await origin.GrowOldAsync();
        Assert.Null(await FirstImpossibleAsync(origin.Trace));

        var step = origin.Trace[2];
        Assert.NotEqual(wrong, step.Seen[peer]);
        step.Seen[peer] = wrong;

        Assert.Equal(step, await FirstImpossibleAsync(origin.Trace));
    }

    private static DnsSays Any(Random random) => random.GetItems([DnsSays.Failed, DnsSays.Some, DnsSays.Private], 1)[0];

    /// <summary>The first step of a trace that the model cannot go along with; null: it can, to the end.</summary>
    private static async Task<TracedStep?> FirstImpossibleAsync(IReadOnlyList<TracedStep> trace)
    {
        using var folder = new TemporaryFolder();
        string[] rows = [$"#define STEPS {trace.Count}", "static const unsigned char trace[][10] = {", .. trace.Select(static step => step.Row), "};"];
        await File.WriteAllLinesAsync(Path.Combine(folder.Path, "trace.h"), rows, TestContext.Current.CancellationToken);
        var output = await ModelSearch.RunAsync(folder, ["-DTRACE", "-DPIECES=4"], ["-DSAFETY", "-O0"], ["-E"]);
        var steps = WentAlong().Matches(output).Select(static match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)).DefaultIfEmpty(-1).Max() + 1;

        // The model says so by an error, and only at the end of the trace.
        Assert.Contains(steps == trace.Count ? "assertion violated 0" : "errors: 0", output, StringComparison.Ordinal);
        return steps == trace.Count ? null : trace[steps];
    }

    [GeneratedRegex("went along with ([0-9]+)")]
    private static partial Regex WentAlong();
}
