using OriginGuard.Benchmarks.Page;
using OriginGuard.Benchmarks.Results;
using OriginGuard.Tests.House;
using Xunit;

namespace OriginGuard.Tests.Benchmarks;

public sealed class PerformancePageTests
{
    [Fact]
    public void Every_bar_has_its_figure_and_is_met_where_it_is()
    {
        var rows = Requirements.All.Select(bar => bar.Row(SampleResults.Met)).ToList();

        Assert.Equal(21, rows.Count);
        Assert.All(rows, row => Assert.Equal("met", row[3]));
        Assert.All(rows, row => Assert.Matches(@"\d", row[2]));
    }

    [Fact]
    public void Every_bar_can_be_missed() =>
        Assert.All(Requirements.All, bar => Assert.Equal("not met", bar.Row(SampleResults.Missed)[3]));

    [Fact]
    public void A_bar_without_a_figure_says_so() =>
        Assert.All(Requirements.All, bar => Assert.Equal([Requirement.NotMeasured, Requirement.NotMeasured], bar.Row(SampleResults.Empty)[2..]));

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_trial_says_at_its_top_that_it_is_one(bool isQuick, bool isPartial)
    {
        var page = Page(SampleResults.Met with { Conditions = SampleResults.Conditions(isQuick, isPartial) });

        Assert.StartsWith("# Performance\n\n> **A trial, not a measurement.**", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_report_is_no_trial() => Assert.DoesNotContain("trial", Page(SampleResults.Met), StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void What_was_written_by_hand_stays_when_the_tables_are_filled_anew()
    {
        const string Words = "# Performance\n\nWhy a bar is not met: physics.\n";

        Assert.Equal(Words, PerformancePage.Fill(Words, SampleResults.Met));
        Assert.Equal(Page(SampleResults.Met), PerformancePage.Fill(Page(SampleResults.Missed), SampleResults.Met));
    }

    [Fact]
    public void A_trial_leaves_no_trace_in_what_is_measured_in_full_later() => Assert.Equal(
        Page(SampleResults.Met), PerformancePage.Fill(Page(SampleResults.Met with { Conditions = SampleResults.Conditions(isQuick: true) }), SampleResults.Met));

    [Fact]
    public void Machine_and_command_are_on_the_page()
    {
        var page = Page(SampleResults.Met);

        Assert.Contains("A &lt;fast> \\| processor, 2 logical", page, StringComparison.Ordinal);
        Assert.Contains("```sh\ndotnet run -- report\n```", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_published_page_shows_every_table_once_and_says_what_the_published_results_say()
    {
        var page = Repository.Read("docs/performance.md");

        Assert.Equal(PerformancePage.Tables.Keys.Order(), PerformancePage.Marks(page).Order());
        Assert.Equal(page, PerformancePage.Fill(page, PerformanceResults.FromJson(Repository.Read("benchmarks/results.json"))));
    }

    [Fact]
    public void A_table_that_nobody_knows_is_a_mistake() =>
        Assert.Throws<KeyNotFoundException>(() => PerformancePage.Fill("<!-- measured: luck -->\n<!-- end -->", SampleResults.Met));

    [Fact]
    public void Throughput_is_held_against_both_origins_without_a_guard()
    {
        var round = SampleResults.Met.Pair("throughput", "address, secret")!.Reference[0];
        var (slow, fast) = (round with { Count = 90_000 }, round with { Count = 110_000 });
        var control = new PairFigure("throughput", "no guard, against itself", 0, [slow], [fast]);
        var guarded = new PairFigure("throughput", "address, secret", 0, [slow], [round]);

        Assert.Equal(10.0 / 9, guarded.ThroughputRatio().Median, 1e-9);
        Assert.Equal(1, guarded.ThroughputRatio(control).Median, 1e-9);
    }

    [Fact]
    public void A_part_that_was_measured_later_says_so()
    {
        var conditions = SampleResults.Conditions().With(SampleResults.Conditions(isQuick: true) with { Command = "dotnet run -- report --only poptrie", Minutes = 2 });

        Assert.Equal(("dotnet run -- report\ndotnet run -- report --only poptrie", 22.0, true), (conditions.Command, conditions.Minutes, conditions.IsQuick));
    }

    [Fact]
    public void A_profile_says_of_what_the_time_is_a_share()
    {
        var page = Page(SampleResults.Met);

        Assert.Contains("| secret: compared | 75.0 % | 150 ns | 300 |\n| peer: in the ranges | 25.0 % | 50.0 ns | 100 |\n| together |  | 200 ns | 400 |", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_are_even()
    {
        var columns = Page(SampleResults.Met).Replace("<!-- end -->", "\n", StringComparison.Ordinal).Replace(" -->\n", "\n\n", StringComparison.Ordinal).Split("\n\n").Where(block => block.StartsWith('|'))
            .Select(table => table.TrimEnd('\n').Split('\n').Select(row => row.Replace("\\|", "", StringComparison.Ordinal).Count(letter => letter == '|')).Distinct().Count());

        Assert.All(columns, different => Assert.Equal(1, different));
    }

    [Fact]
    public void A_cell_stays_one_cell()
    {
        var table = Markdown.Table(["a", "b"], [["one | two\nthree", @"back\slash *star* <b>"]]);

        Assert.Equal("| a | b |\n| --- | ---: |\n| one \\| two three | back\\\\slash \\*star\\* &lt;b> |", table);
    }

    [Fact]
    public void Results_survive_their_file()
    {
        var copy = PerformanceResults.FromJson(SampleResults.Met.ToJson(indented: true));

        Assert.Equal(SampleResults.Met.ToJson(indented: false), copy.ToJson(indented: false));
        Assert.Equal(Page(SampleResults.Met), Page(copy));
    }

    [Theory]
    [InlineData(0.41, "0.41 ns")]
    [InlineData(1.5, "1.50 ns")]
    [InlineData(99.96, "100 ns")]
    [InlineData(1500, "1.50 µs")]
    [InlineData(258e6, "258 ms")]
    [InlineData(2.2e9, "2.20 s")]
    public void Durations_have_a_unit_that_fits(double nanoseconds, string text) => Assert.Equal(text, Figures.Duration(nanoseconds));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(10.64, "10.6 B")]
    [InlineData(16384, "16.0 KiB")]
    [InlineData(24d * 1024 * 1024, "24.0 MiB")]
    public void Sizes_have_a_unit_that_fits(double bytes, string text) => Assert.Equal(text, Figures.Bytes(bytes));

    private static string Page(PerformanceResults results) => PerformancePage.Fill(
        "# Performance\n\n" + string.Join("\n\n", PerformancePage.Tables.Keys.Select(static name => $"<!-- measured: {name} -->\n<!-- end -->")) + "\n", results);
}
