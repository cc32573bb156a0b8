using System.Text.RegularExpressions;
using Xunit;

namespace OriginGuard.Tests.House;

/// <summary>docs/compatibility.md names a test for each part that it says works; a part without one must say that it was not tried.</summary>
public sealed partial class CompatibilityTableTests
{
    private static readonly (string Part, string Claim, string[] Proofs)[] Rows =
    [
        .. Row().Matches(Repository.Read("docs/compatibility.md").ReplaceLineEndings("\n")).Select(static row =>
            (row.Groups[1].Value, row.Groups[2].Value, Proof().Matches(row.Groups[3].Value).Select(static proof => proof.Groups[0].Value.Trim('`')).ToArray())),
    ];

    [Fact]
    public void The_table_has_the_parts_that_people_ask_for() => Assert.Superset(
        new HashSet<string>(["HTTP/2", "HTTP/3", "WebSockets", "gRPC", "CORS preflight", "response compression", "output caching", "minimal APIs", "MVC controllers"]),
        Rows.Select(static row => row.Part).ToHashSet());

    [Fact]
    public void Each_part_has_a_test_that_exists_or_says_that_it_was_not_tried()
    {
        var sources = Repository.Sources("tests").GroupBy(static file => Path.GetFileNameWithoutExtension(file)).ToDictionary(
            static files => files.Key, static files => string.Concat(files.Select(File.ReadAllText)));

        var wrong = Rows.Where(row => row.Proofs.Length == 0
            ? !row.Claim.StartsWith("not tried", StringComparison.Ordinal)
            : row.Proofs.Any(proof => !Exists(proof.Split('.'))));

        Assert.Empty(wrong.Select(static row => row.Part));

        bool Exists(string[] proof) => sources.GetValueOrDefault(proof[0])?.Contains($" {proof[1]}(", StringComparison.Ordinal) is true;
    }

    [GeneratedRegex(@"^\| (?!part |---)([^|]+) \| ([^|]+) \|([^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`\w+\.\w+`")]
    private static partial Regex Proof();
}
