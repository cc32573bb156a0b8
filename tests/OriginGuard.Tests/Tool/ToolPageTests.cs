using System.Text.RegularExpressions;
using OriginGuard.Tests.House;
using OriginGuard.Tool.Field;
using Xunit;

namespace OriginGuard.Tests.Tool;

/// <summary>The page lists the options that there are.</summary>
public sealed partial class ToolPageTests
{
    [Fact]
    public async Task Every_option_stands_in_the_table_and_no_other()
    {
        HashSet<string> real = [];
        foreach (var command in new[] { "ranges", "secret", "secret rotate", "assertion", "probe", "explain", "arm" })
        {
            var help = (await ToolRun.StartAsync([.. command.Split(' '), "--help"])).Output;
            real.UnionWith(Option().Matches(help).Select(match => match.Groups[1].Value));
        }

        var listed = Row().Matches(Repository.Read("docs/tool.md")).Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(real.Except(["--help"]).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("ranges")]
    [InlineData("secret")]
    [InlineData("secret rotate")]
    [InlineData("assertion")]
    [InlineData("probe")]
    [InlineData("explain")]
    [InlineData("arm")]
    [InlineData("completions")]
    public async Task Help_ends_with_an_example_of_options_that_there_are(string command)
    {
        var help = (await ToolRun.StartAsync([.. command.Split(' '), "--help"])).Output;
        var examples = Example().Matches(help).Select(static match => match.Value).ToList();

        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.StartsWith($"originguard {command} ", example.Trim(), StringComparison.Ordinal));
        Assert.All(examples.SelectMany(static example => example.Split(' ')).Where(static word => word.StartsWith("--", StringComparison.Ordinal)), option =>
            Assert.Matches($"(?m)^ +(?:-[?h], )*{option}\\b", help));
    }

    [Fact]
    public void Every_question_to_the_load_balancer_stands_on_the_page_and_no_other()
    {
        var section = Repository.Read("docs/tool.md").Split("### What arrives")[1].Split("\n### ")[0];
        var listed = Question().Matches(section).Select(static match => match.Groups[1].Value);

        Assert.Equal([.. FieldQuestion.All("X-Origin-Guard").Select(static question => question.Name), "headers.largest", "assertion.reused"], listed);
    }

    [GeneratedRegex(@"(?<=^\| (?:`[a-z.-]+`, )*)`([a-z.-]+)`(?=[^|]*\|[^|]*\|$)", RegexOptions.Multiline)]
    private static partial Regex Question();

    [GeneratedRegex(@"^ +originguard .+$", RegexOptions.Multiline)]
    private static partial Regex Example();

    [GeneratedRegex(@"^ +(?:-[?h], )*(--[a-z-]+)", RegexOptions.Multiline)]
    private static partial Regex Option();

    [GeneratedRegex(@"^\| `(--[a-z-]+)` \| [^|]+ \| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
