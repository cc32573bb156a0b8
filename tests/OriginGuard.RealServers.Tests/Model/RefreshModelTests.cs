using OriginGuard.RealServers.Tests.Packages;
using OriginGuard.RealServers.Tests.Tool;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.RealServers.Tests.Model;

/// <summary>Every order of events that the model of refresh and reload knows, looked at by SPIN. What it says of a model with a mistake shows that it looks.</summary>
public sealed class RefreshModelTests
{
    private const string Model = "tests/OriginGuard.RealServers.Tests/Model/refresh.pml";

    [Theory]
    [InlineData("nothing_unknown", "")]
    [InlineData("last_known_good", "")]
    [InlineData("recovery_is_noticed", "-DGROWTH")]
    public async Task Holds_in_every_order_of_events(string property, string view)
    {
        var output = await SearchAsync(property, view);

        Assert.Contains("errors: 0", output, StringComparison.Ordinal);
        Assert.DoesNotContain("max search depth too small", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing_unknown", "UNDETERMINED_ADMITS")]
    [InlineData("nothing_unknown", "RULES_NOT_ASKED_AGAIN")]
    [InlineData("nothing_unknown", "ANSWER_NOT_JUDGED_BY_THE_PLAN")]
    [InlineData("nothing_unknown", "INVALID_RELOAD_TAKEN")]
    [InlineData("nothing_unknown", "FAILURE_RENEWS")]
    [InlineData("nothing_unknown", "SNAPSHOT_COMES_BACK_YOUNG")]
    [InlineData("last_known_good", "FAILURE_CLEARS")]
    [InlineData("last_known_good", "RELOAD_FORGETS")]
    [InlineData("last_known_good", "NEXT_PLAN_MISSES_AN_ANSWER")]
    [InlineData("last_known_good", "STAND_IN_REPLACES_AN_ANSWER")]
    [InlineData("last_known_good", "DROPS_BY_FORMER_SETTINGS")]
    [InlineData("last_known_good", "DROP_REACHES_THE_NEXT_PLAN")]
    [InlineData("recovery_is_noticed", "FAILURE_ENDS_THE_LOOP", "-DGROWTH")]
    [InlineData("recovery_is_noticed", "COMPARES_WITH_WHAT_IS_TOO_OLD", "-DGROWTH")]
    public async Task Does_not_hold_with_a_mistake(string property, string mistake, string view = "")
    {
        // A name that is misspelt would plant nothing.
        Assert.Matches($"#ifn?def PLANTED_{mistake}\n", Source.Read(Model));

        Assert.Contains("errors: 1", await SearchAsync(property, $"-DPLANTED_{mistake}", view), StringComparison.Ordinal);
    }

    /// <summary>Exhaustive, with weak fairness where something must happen at last.</summary>
    private static async Task<string> SearchAsync(string property, params string[] definitions)
    {
        var (spin, gcc) = (ServerProgram.Spin.Require(), ServerProgram.Gcc.Require());
        using var folder = new TemporaryFolder();
        var (model, search) = (Path.Combine(folder.Path, "refresh.pml"), Path.Combine(folder.Path, "pan"));
        File.Copy(Path.Combine(Source.Root, Model), model);
        var isLiveness = property == "recovery_is_noticed";
        await RunAsync(folder, spin, ["-a", "-DRECORDS=1", .. definitions.Where(static definition => definition.Length > 0), model]);
        await RunAsync(folder, gcc, ["-w", "-O1", "-DCOLLAPSE", .. isLiveness ? Array.Empty<string>() : ["-DSAFETY"], "-o", search, Path.Combine(folder.Path, "pan.c")]);
        return await RunAsync(folder, search, ["-m3000000", "-N", property, .. isLiveness ? ["-a", "-f"] : Array.Empty<string>()]);
    }

    private static async Task<string> RunAsync(TemporaryFolder folder, string path, string[] arguments)
    {
        var (code, output) = await ProgramRun.StartInAsync(folder.Path, path, arguments);
        Assert.True(code == 0, output);
        return output;
    }
}
