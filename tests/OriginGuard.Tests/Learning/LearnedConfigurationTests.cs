using System.Net;
using System.Text.Json;
using OriginGuard.Learning;
using Xunit;

namespace OriginGuard.Tests.Learning;

public sealed class LearnedConfigurationTests
{
    [Theory]
    [InlineData("34.96.0.0/24 34.96.1.0/24", "34.96.0.0/23")]
    [InlineData("2600:1901::/48 34.96.0.0/24 34.96.0.0/25", "34.96.0.0/24 2600:1901::/48")]
    [InlineData("172.17.0.0/24 34.96.0.0/24", "34.96.0.0/24")]
    [InlineData("10.8.0.0/24 192.168.1.0/24 127.0.0.0/24 169.254.1.0/24 100.64.0.0/24 fd00::/48 fe80::/48 ::/48", "")]
    public void Proposes_networks_that_an_operator_recognises_and_none_of_the_site(string learned, string proposed)
    {
        var configuration = LearnedConfiguration.Write(new OriginGuardOptions(), Parse(learned), []);

        Assert.Equal(proposed.Length == 0 ? [] : proposed.Split(' '), Proposed(configuration));
    }

    /// <summary>Copied, they would switch the layer on for themselves alone.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Proposes_none_where_the_address_is_not_asked_for(bool isDisabled)
    {
        var off = isDisabled ? new OriginGuardOptions { SourceAddress = { Mode = LayerMode.Disabled } } : new OriginGuardOptions { SourceAddress = { RecordNames = [], Networks = [] } };

        Assert.Null(LearnedConfiguration.Write(off, [IPNetwork.Parse("34.96.0.0/24")], []));
    }

    [Fact]
    public void Is_written_for_the_section_that_was_read()
    {
        var options = new OriginGuardOptions();
        options.Reading.Section = "Edge:Guard";

        var written = JsonElement.Parse(LearnedConfiguration.Write(options, [IPNetwork.Parse("34.96.0.0/20")], [])!);

        Assert.Equal("34.96.0.0/20", written.GetProperty("Edge").GetProperty("Guard").GetProperty("SourceAddress").GetProperty("Networks")[0].GetString());
    }

    [Fact]
    public void In_a_lab_the_site_is_where_the_load_balancer_is()
    {
        var lab = new OriginGuardOptions { SourceAddress = { AllowNonPublicNetworks = true } };

        Assert.Equal(["127.0.0.0/24"], Proposed(LearnedConfiguration.Write(lab, [IPNetwork.Parse("127.0.0.0/24")], [])));
    }

    private static IPNetwork[] Parse(string networks) => [.. networks.Split(' ').Select(IPNetwork.Parse)];

    private static IEnumerable<string> Proposed(string? configuration) => configuration is null
        ? []
        : System.Text.Json.JsonDocument.Parse(configuration).RootElement.GetProperty("OriginGuard").GetProperty("SourceAddress").GetProperty("Networks").EnumerateArray().Select(static item => item.GetString()!);
}
