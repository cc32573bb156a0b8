using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace OriginGuard.Tests.House;

/// <summary>The fault table of docs/ranges.md promises a test for each fault: each must exist and be run.</summary>
public sealed partial class FaultTableTests
{
    private static readonly (string Fault, string[] Proofs)[] Rows =
    [
        .. Row().Matches(Repository.Read("docs/ranges.md").ReplaceLineEndings("\n"))
            .Select(static row => (row.Groups[1].Value, Proof().Matches(row.Groups[2].Value).Select(static proof => proof.Groups[1].Value).ToArray())),
    ];

    [Fact]
    public void The_table_names_25_faults_and_more_each_once()
    {
        Assert.InRange(Rows.Length, 25, int.MaxValue);
        Assert.Distinct(Rows.Select(static row => row.Fault));
    }

    [Fact]
    public void Each_fault_has_a_test_that_exists()
    {
        var tests = typeof(FaultTableTests).Assembly.GetTypes()
            .SelectMany(static type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(static method => method.GetCustomAttribute<FactAttribute>() is { Skip: null })
            .Select(static method => $"{method.DeclaringType!.Name}.{method.Name}")
            .ToHashSet();

        var wrong = Rows.SelectMany(row => row.Proofs.Length == 0 ? [$"{row.Fault}: no test"] : row.Proofs.Where(proof => !tests.Contains(proof)))
            .ToList();

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [GeneratedRegex(@"^\| (?!fault |---)([^|]+) \| [^|]+ \| ([^|]*`\w+\.\w+`[^|]*|) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+\.\w+)`")]
    private static partial Regex Proof();
}
