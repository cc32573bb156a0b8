using OriginGuard.RealServers.Tests.Packages;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.RealServers.Tests.Model;

/// <summary>Every order of events that the model of refresh and reload knows, looked at by SPIN. What it says of a model with a mistake shows that it looks.</summary>
public sealed class RefreshModelTests
{
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
        Assert.Matches($"#ifn?def PLANTED_{mistake}\n", Source.Read(ModelSearch.Model));

        Assert.Contains("errors: 1", await SearchAsync(property, $"-DPLANTED_{mistake}", view), StringComparison.Ordinal);
    }

    /// <summary>Exhaustive, with weak fairness where something must happen at last.</summary>
    private static async Task<string> SearchAsync(string property, params string[] view)
    {
        using var folder = new TemporaryFolder();
        var isLiveness = property == "recovery_is_noticed";
        return await ModelSearch.RunAsync(
            folder,
            ["-DRECORDS=1", .. view.Where(static definition => definition.Length > 0)],
            isLiveness ? [] : ["-DSAFETY"],
            ["-N", property, .. isLiveness ? ["-a", "-f"] : Array.Empty<string>()]);
    }
}
