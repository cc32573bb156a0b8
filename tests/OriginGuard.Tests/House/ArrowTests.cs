using System.Text.RegularExpressions;
using Xunit;

namespace OriginGuard.Tests.House;

/// <summary>The house stands on floors: whoever knows another folder stands above it. There is no list of exceptions.</summary>
public sealed partial class ArrowTests
{
    private const string FrontDoor = "front door";

    // From the top. Folders of one floor do not know each other.
    private static readonly string[][] Floors =
    [
        [FrontDoor],
        ["Diagnostics", "Startup"],
        ["Guard"],
        ["Arming", "Connections", "Learning"],
        ["Ranges", "References"],
        ["ClientAddress", "Dns", "Exemptions", "Iap", "PublishedLists", "SharedSecret"],
        ["Telemetry"],
        ["Checks", "Configuration"],
        ["Settings"],
        ["ForeignText", "Networks", "Refreshing", "Surroundings"],
    ];

    private static readonly Lazy<SourceGraph> House = new(static () => SourceGraph.Of("OriginGuard"));

    [Fact]
    public void Every_arrow_goes_down() => Assert.Empty(Upwards(House.Value));

    [Fact]
    public void Every_folder_stands_on_one_floor() =>
        Assert.Equal(House.Value.Files.Select(RoomOf).Distinct().Order(), Floors.SelectMany(static floor => floor).Order());

    [Theory]
    [InlineData("OriginGuard")]
    [InlineData("OriginGuard.Testing")]
    [InlineData("OriginGuard.Tool")]
    [InlineData("OriginGuard.Sample")]
    public void No_folder_and_no_file_stands_in_a_circle(string project)
    {
        var graph = project == "OriginGuard" ? House.Value : SourceGraph.Of(project);

        Assert.Empty(graph.NotUnderstood);
        Assert.NotEmpty(graph.ArrowsOfFolders);
        Assert.Empty(InCircles(graph.ArrowsOfFolders));
        Assert.Empty(InCircles(graph.Arrows));
    }

    [Fact]
    public void An_arrow_upwards_is_seen()
    {
        var graph = SourceGraph.Of(
            "OriginGuard",
            ("Networks/Named.cs", "namespace OriginGuard.Networks; internal static class Named { public static bool Is(object given) => given is OriginGuard.Guard.Planted; }"),
            ("Networks/Inferred.cs", "namespace OriginGuard.Networks; internal static class Inferred { public static bool Is() { var found = Passed.On; return found is null; } }"),
            ("Networks/Passed.cs", "namespace OriginGuard.Networks; internal static class Passed { public static OriginGuard.Guard.Planted? On => null; }"),
            ("Networks/Written.cs", "namespace OriginGuard.Networks; internal static class Written { public static string Name => nameof(OriginGuard.Guard.Planted); }"),
            ("Networks/Sideways.cs", "namespace OriginGuard.Networks; internal sealed class Sideways(OriginGuard.Surroundings.GuardClock clock) { public object Clock => clock; }"),
            ("Guard/Planted.cs", "namespace OriginGuard.Guard; internal sealed class Planted;"));

        Assert.Equal(
            [
                "Networks/Inferred -> Guard/Planted", "Networks/Named -> Guard/Planted", "Networks/Passed -> Guard/Planted",
                "Networks/Sideways -> Surroundings/GuardClock", "Networks/Written -> Guard/Planted",
            ],
            Upwards(graph).Order());
    }

    [Fact]
    public void A_circle_is_seen() => Assert.Equal(["a", "b", "c"], InCircles([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("e", "a")]).Order());

    [Fact]
    public void The_page_on_architecture_draws_these_floors()
    {
        var page = Repository.Read("docs/architecture.md");
        var picture = page[page.IndexOf("## Floors", StringComparison.Ordinal)..];

        Assert.Equal(
            Floors.Select(static floor => string.Join(" · ", floor)),
            Floor().Matches(picture[..picture.IndexOf("## ", 3, StringComparison.Ordinal)]).Select(static match => match.Groups[1].Value));
        Assert.All(Floors.SelectMany(static floor => floor).Where(static room => room != FrontDoor), room => Assert.Contains($"| `{room}` |", page, StringComparison.Ordinal));
    }

    private static string[] Upwards(SourceGraph graph) => [.. graph.Arrows
        .Where(static arrow => RoomOf(arrow.From) != RoomOf(arrow.To) && FloorOf(arrow.From) >= FloorOf(arrow.To))
        .Select(static arrow => $"{arrow.From} -> {arrow.To}")];

    private static string RoomOf(string file) => SourceGraph.FolderOf(file) is { Length: > 0 } folder ? folder : FrontDoor;

    private static int FloorOf(string file) => Array.FindIndex(Floors, floor => floor.Contains(RoomOf(file)));

    /// <summary>What is left when whoever knows nobody, and whom nobody knows, has gone again and again.</summary>
    private static string[] InCircles(IEnumerable<(string From, string To)> arrows)
    {
        var left = arrows.ToHashSet();
        while (true)
        {
            HashSet<string> from = [.. left.Select(static arrow => arrow.From)], to = [.. left.Select(static arrow => arrow.To)];
            if (left.RemoveWhere(arrow => !to.Contains(arrow.From) || !from.Contains(arrow.To)) == 0)
            {
                return [.. from];
            }
        }
    }

    [GeneratedRegex("""floor\d+\["([^"]+)"\]""")]
    private static partial Regex Floor();
}
