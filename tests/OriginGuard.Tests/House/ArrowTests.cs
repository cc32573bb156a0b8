using System.Text.RegularExpressions;
using Xunit;

namespace OriginGuard.Tests.House;

public sealed partial class ArrowTests
{
    // The front door is the root folder and its configuration reader; it knows every room.
    private static readonly string[] FrontDoor = ["", "Configuration"];

    // Types that know the base library at most, and that any room may use.
    private static readonly HashSet<string> Stones =
        ["CidrTrie", "SpfRecord", "SecretRing", "ForwardedForReader", "StrictAddress", "DomainName", "DnsMessageReader", "DnsMessageWriter"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Checks"] = [],
        ["Ranges"] = ["Checks", "Telemetry"],
        ["Dns"] = ["Checks"],
        ["SharedSecret"] = ["Checks"],
        ["Iap"] = ["Checks"],
        ["ClientAddress"] = ["Checks"],
        ["Connections"] = ["Checks", "Ranges", "Telemetry"],
        ["Telemetry"] = ["Checks"],

        // Explains all rooms to the operator, and no room knows it: only the front door does.
        ["Diagnostics"] = ["", "Checks", "Ranges", "SharedSecret", "Iap", "Telemetry"],
    };

    private static readonly HashSet<(string From, string Type)> Exceptions =
    [
        // Ranges sees DNS through the interface and its answer.
        ("Ranges", "ITxtResolver"), ("Ranges", "TxtAnswer"), ("Ranges", "TxtError"),

        // A property and a reason that are called as a type of another room is.
        ("Checks", "PeerAddress"), ("Checks", "IapAudience"),
    ];

    // What reports on all rooms, and what registers a room that works without the guard.
    private static readonly HashSet<string> KnowsMore = ["OriginGuardHealthCheck.cs", "IapAuthenticationBuilderExtensions.cs"];

    [Fact]
    public void No_room_knows_a_room_beside_or_above_it()
    {
        var folderOf = TypesByFolder();

        var wrong = Repository.Sources("src/OriginGuard")
            .Select(file => (File: file, Folder: FolderOf(file)))
            .Where(source => !FrontDoor.Contains(source.Folder) && !KnowsMore.Contains(Path.GetFileName(source.File)))
            .SelectMany(source => WordsOf(source.File)
                .Where(word => folderOf.TryGetValue(word, out var to) && to != source.Folder && !IsAllowed(source.Folder, word, to))
                .Select(word => $"{source.Folder}/{Path.GetFileName(source.File)} -> {folderOf[word]}/{word}"))
            .ToList();

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public void The_page_on_architecture_names_every_room()
    {
        var page = Repository.Read("docs/architecture.md");
        var rooms = Repository.Sources("src/OriginGuard").Select(FolderOf).Distinct().Where(static folder => folder.Length > 0);

        Assert.All(rooms, room => Assert.Contains($"| `{room}` |", page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_search_for_arrows_sees_them()
    {
        var folderOf = TypesByFolder();

        Assert.Equal("Ranges", folderOf["CurrentRanges"]);
        Assert.Contains("CurrentRanges", WordsOf(Path.Combine(Repository.Root, "src/OriginGuard/CurrentSettings.cs")));
        Assert.False(IsAllowed("SharedSecret", "CurrentRanges", "Ranges"));
    }

    [Fact]
    public void Every_room_has_its_arrows_written_down()
    {
        var rooms = Repository.Sources("src/OriginGuard").Select(FolderOf).Distinct().Except(FrontDoor);

        Assert.Empty(rooms.Except(Allowed.Keys));
    }

    private static bool IsAllowed(string from, string type, string to) =>
        Stones.Contains(type) || Allowed[from].Contains(to) || Exceptions.Contains((from, type));

    private static Dictionary<string, string> TypesByFolder() => Repository.Sources("src/OriginGuard")
        .SelectMany(file => Declaration().Matches(File.ReadAllText(file)).Select(match => (Type: match.Groups[1].Value, Folder: FolderOf(file))))
        .GroupBy(entry => entry.Type)
        .Where(group => group.Select(entry => entry.Folder).Distinct().Count() == 1)
        .ToDictionary(group => group.Key, group => group.First().Folder);

    private static string FolderOf(string file)
    {
        var folder = Path.GetDirectoryName(Path.GetRelativePath(Path.Combine(Repository.Root, "src/OriginGuard"), file))!;
        return folder.Split(Path.DirectorySeparatorChar)[0];
    }

    private static HashSet<string> WordsOf(string file) =>
        [.. File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)).SelectMany(line => Word().Matches(line)).Select(match => match.Value)];

    [GeneratedRegex(@"^(?:public|internal) (?:[a-z]+ )*(?:class|struct|interface|enum|record struct|record|delegate [A-Za-z<>]+) ([A-Z]\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Word();
}
