using System.Globalization;
using System.Xml.Linq;
using OriginGuard.Benchmarks.Charts;
using OriginGuard.Benchmarks.Page;
using OriginGuard.Benchmarks.Statistics;
using Xunit;

namespace OriginGuard.Tests.Benchmarks;

public sealed class ChartTests
{
    public static TheoryData<string> Names => [.. PageCharts.Draw(SampleResults.Met).Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_chart_is_well_formed_describes_itself_and_stays_on_its_card(string name)
    {
        var svg = XDocument.Parse(PageCharts.Draw(SampleResults.Met)[name]).Root!;
        var height = Number(svg, "height");

        Assert.Equal(svg.Attribute("aria-label")!.Value, svg.Elements().First(element => element.Name.LocalName == "title").Value);
        foreach (var text in svg.Elements().Where(element => element.Name.LocalName == "text"))
        {
            Assert.InRange(Number(text, "x"), 0, Svg.Width);
            Assert.InRange(Number(text, "y"), 0, height);
        }

        Assert.All(svg.Elements().Where(element => element.Name.LocalName == "circle"), dot =>
        {
            Assert.InRange(Number(dot, "cx"), 0, Svg.Width);
            Assert.InRange(Number(dot, "cy"), 0, height);
        });
    }

    [Fact]
    public void Text_cannot_break_out_of_its_element()
    {
        const string hostile = """</text><script>"&'""";
        var svg = XDocument.Parse(BarChart.Draw(hostile, hostile, [new Bar(hostile, 1, hostile, true)], new Mark(hostile, 2))).Root!;

        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName == "script");
        Assert.Equal(5, svg.Elements().Count(element => element.Name.LocalName == "text" && element.Value == hostile));
    }

    [Fact]
    public void The_same_results_draw_the_same_chart_in_every_culture()
    {
        var before = PageCharts.Draw(SampleResults.Met);
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        var former = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.Equal(before, PageCharts.Draw(SampleResults.Met));
        }
        finally
        {
            CultureInfo.CurrentCulture = former;
        }
    }

    [Fact]
    public void Bars_are_as_long_as_their_values()
    {
        var svg = XDocument.Parse(BarChart.Draw("", "", [new Bar("", 10, "", true), new Bar("", 40, "", false)])).Root!;

        var lengths = svg.Elements().Where(element => element.Name.LocalName == "rect").Skip(1).Select(bar => Number(bar, "width")).ToList();
        Assert.Equal(4, lengths[1] / lengths[0], 1);
    }

    [Fact]
    public void An_axis_by_orders_of_magnitude_has_them_at_even_distances()
    {
        var scale = Scale.Logarithmic([2.5, 900], 0, 300);

        Assert.Equal([1, 10, 100, 1000], scale.Ticks);
        Assert.Equal([0, 100, 200, 300], scale.Ticks.Select(tick => Math.Round(scale.At(tick), 9)));
    }

    [Fact]
    public void A_linear_axis_has_round_numbers_that_hold_every_value()
    {
        var scale = Scale.Linear(0, [3, 47], 0, 100);

        Assert.Equal([0, 10, 20, 30, 40, 50], scale.Ticks);
        Assert.Equal(94, scale.At(47), 9);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(0)]
    public void An_axis_can_be_made_of_one_value(double value)
    {
        Assert.True(double.IsFinite(Scale.Linear(0, [value], 0, 100).At(value)));
        Assert.True(double.IsFinite(Scale.Sizes([value + 1], 0, 100).At(value + 1)));
    }

    [Fact]
    public void Names_at_the_ends_of_lines_do_not_cover_each_other_and_stay_above_the_bottom()
    {
        var places = LineChart.Spread([100, 101, 298, 299], 30, 300);

        Assert.Equal([100, 131, 270, 300], places.Select(place => Math.Round(place)), (one, other) => Math.Abs(one - other) <= 1);
    }

    [Fact]
    public void An_interval_is_drawn_from_quartile_to_quartile()
    {
        var svg = XDocument.Parse(IntervalChart.Draw("", "", [new Interval("a", new Spread(1, 2, 4), "", true)], [])).Root!;
        var whisker = svg.Elements().Single(element => element.Attribute("class")?.Value.Contains("whisker", StringComparison.Ordinal) is true);
        var dot = svg.Elements().Single(element => element.Name.LocalName == "circle");

        Assert.Equal(2, (Number(whisker, "x2") - Number(dot, "cx")) / (Number(dot, "cx") - Number(whisker, "x1")), 1);
    }

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
