using System.Text.RegularExpressions;
using OriginGuard.Tests.House;
using Xunit;

namespace OriginGuard.Tests.Tool;

/// <summary>The page lists the options that there are.</summary>
public sealed partial class ToolPageTests
{
    [Fact]
    public async Task Every_option_stands_in_the_table_and_no_other()
    {
        HashSet<string> real = [];
        foreach (var command in new[] { "ranges", "secret", "assertion", "probe", "explain" })
        {
            var help = (await ToolRun.StartAsync(command, "--help")).Output;
            real.UnionWith(Option().Matches(help).Select(match => match.Groups[1].Value));
        }

        var listed = Row().Matches(Repository.Read("docs/tool.md")).Select(match => match.Groups[1].Value).ToList();

        Assert.Equal(real.Except(["--help"]).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^ +(?:-[?h], )*(--[a-z-]+)", RegexOptions.Multiline)]
    private static partial Regex Option();

    [GeneratedRegex(@"^\| `(--[a-z-]+)` \| [^|]+ \| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
