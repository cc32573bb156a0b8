using System.Net;
using System.Text.Json;
using OriginGuard.ForeignText;
using Xunit;

namespace OriginGuard.Tests.ForeignText;

public sealed class ShownTextTests
{
    [Theory]
    [InlineData(null, "null", "\"\"")]
    [InlineData("", "\"\"", "\"\"")]
    [InlineData("soon", "\"soon\"", "\"soon\"")]
    [InlineData("two\nlines", "\"two?lines\"", "\"two?lines\"")]
    [InlineData("correct-horse-battery", "a text of 21 characters", "a text of 21 characters")]
    [InlineData("https://dns.example/dns-query", "a text of 29 characters", "\"https://dns.example/dns-query\"")]
    [InlineData("HTTPS://DNS.EXAMPLE/DNS-QUERY", "a text of 29 characters", "a text of 29 characters")]
    public void What_could_be_a_secret_is_told_by_its_length_and_a_name_is_shown(string? text, string shown, string name) =>
        Assert.Equal((shown, name), (ShownText.Of(text), ShownText.OfName(text)));

    [Fact]
    public void A_long_name_is_cut() => Assert.Equal($"\"/{new string('a', 63)}...\"", ShownText.OfName($"/{new string('a', 64)}"));

    [Fact]
    public void Networks_in_json_are_read_as_strictly_as_in_the_configuration()
    {
        var options = JsonSerializer.Deserialize<ExemptionOptions>("""{"Path":"/probe","Networks":["35.191.0.0/16","2600:1900::/28"]}""")!;

        Assert.Equal([IPNetwork.Parse("35.191.0.0/16"), IPNetwork.Parse("2600:1900::/28")], options.Networks);
        Assert.Contains("\"Networks\":[\"35.191.0.0/16\",\"2600:1900::/28\"]", JsonSerializer.Serialize(options), StringComparison.Ordinal);
        Assert.Empty(JsonSerializer.Deserialize<ExemptionOptions>("""{"Networks":[]}""")!.Networks);
        Assert.All((string[])["\"35.191/16\"", "\"\"", "null"], static network =>
            Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ExemptionOptions>($$"""{"Networks":[{{network}}]}""")));
    }
}
