using System.Reflection;
using OriginGuard.Testing.Headers;
using Xunit;
using Framework = Microsoft.Net.Http.Headers.HeaderNames;

namespace OriginGuard.Tests.Testing;

/// <summary>The table of spellings against the framework's own, and against the rule that it makes exceptions from.</summary>
public class HeaderNamesTests
{
    // The framework writes these as their specifications do, in lower case; the load balancer's rule and the registry capitalise them.
    private static readonly string[] LowerCaseInTheFramework = ["baggage", "traceparent", "tracestate"];

    public static TheoryData<string> FrameworkNames => [.. typeof(Framework)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(name => (string)name.GetValue(null)!)
        .Where(name => !name.StartsWith(':'))
        .Except(LowerCaseInTheFramework)
        .Distinct()];

    [Theory]
    [MemberData(nameof(FrameworkNames))]
    public void A_name_is_spelled_as_the_framework_spells_it(string name) => Assert.Equal(name, HeaderNames.Spell(name.ToLowerInvariant()));

    [Fact]
    public void Every_name_of_the_table_keeps_its_spelling_whichever_way_it_comes()
    {
        Assert.All(HeaderNames.All, name =>
        {
            Assert.Equal(name, HeaderNames.Spell(name.ToLowerInvariant()));
            Assert.Equal(name, HeaderNames.Spell(name.ToUpperInvariant()));
            Assert.NotNull(HeaderNames.IsList(name));
        });
    }

    [Theory]
    [InlineData("x", "X")]
    [InlineData("x-y", "X-Y")]
    [InlineData("x--y-", "X--Y-")]
    [InlineData("-x", "-X")]
    [InlineData("x_y", "X_y")]
    [InlineData("X-ORIGIN-GUARD", "X-Origin-Guard")]
    [InlineData("1-a", "1-A")]
    public void Any_other_name_is_capitalised(string sent, string received) => Assert.Equal(received, HeaderNames.Spell(sent));

    [Theory]
    [InlineData("Set-Cookie", false)]
    [InlineData("Cookie", false)]
    [InlineData("Host", false)]
    [InlineData("Content-Length", false)]
    [InlineData("Content-Type", false)]
    [InlineData("Authorization", false)]
    [InlineData("Date", false)]
    [InlineData("User-Agent", false)]
    [InlineData("via", true)]
    [InlineData("x-forwarded-for", true)]
    [InlineData("Forwarded", true)]
    [InlineData("If-None-Match", true)]
    [InlineData("Sec-CH-UA", true)]
    [InlineData("Priority", true)]
    [InlineData("X-Origin-Guard", null)]
    [InlineData("X-Goog-IAP-JWT-Assertion", null)]
    public void A_field_is_a_list_when_its_own_definition_says_so(string name, bool? isList) => Assert.Equal(isList, HeaderNames.IsList(name));

    [Fact]
    public void The_table_is_as_long_as_the_registry() => Assert.InRange(HeaderNames.All.Count(), 250, 300);
}
