using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Logging;
using OriginGuard.Checks;
using OriginGuard.Guard;
using Xunit;

namespace OriginGuard.Tests.House;

/// <summary>The log sends a tired reader to docs/troubleshooting.md: it must have the place that it names.</summary>
public sealed class TroubleshootingTests
{
    private readonly string[] _lines = Repository.Read("docs/troubleshooting.md").Split('\n');

    [Fact]
    public void Every_reason_has_its_section()
    {
        var sections = _lines.Where(line => line.StartsWith("### ", StringComparison.Ordinal)).Select(line => line[4..].Trim()).ToHashSet();
        var reasons = Enum.GetValues<RefusalReason>().Where(reason => reason is not RefusalReason.None)
            .Select(reason => reason.ToCode().Replace('.', '-').Replace('_', '-')).ToHashSet();

        Assert.Equal(reasons.Order(), sections.Order());
    }

    [Fact]
    public void Every_event_id_has_its_row()
    {
        var rows = _lines.Where(line => line.StartsWith("| 4", StringComparison.Ordinal)).SelectMany(line => line.Split('|')[1].Split(',')).Select(id => id.Trim()).ToList();
        var ids = typeof(OriginGuardOptions).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>()
            .Select(message => message.EventId.ToString(CultureInfo.InvariantCulture));

        Assert.Equal(ids.Order(), rows.Order());
    }

    [Theory]
    [InlineData(403)]
    [InlineData(503)]
    public void The_page_of_a_browser_stands_there_as_a_visitor_sees_it(int status)
    {
        var page = RefusalPage.Render(status, reason: null);
        var quoted = _lines.Single(line => line.StartsWith($"| a page \"{status} ", StringComparison.Ordinal)).Split('"');

        Assert.Contains($"<h1>{quoted[1]}</h1>\n<p>{quoted[3]}", page, StringComparison.Ordinal);
    }
}
