using OriginGuard.Dns;
using Xunit;

namespace OriginGuard.Tests.Dns;

/// <summary>What the section says of its settings, and which of them a reload must not lose without a word.</summary>
public sealed class DnsSectionTests
{
    private static readonly DnsSection Section = new();

    [Fact]
    public void Every_mistake_is_told_with_its_key_and_what_to_do()
    {
        var mistakes = Validate(static options =>
        {
            options.Timeout = TimeSpan.Zero;
            options.Attempts = 21;
            options.HttpsEndpoint = new Uri("http://dns.example/");
            options.Servers = ["192.0.2.53", "no address", "192.0.2.53:0x35"];
        });

        Assert.Equal(5, mistakes.Count);
        Assert.StartsWith("OriginGuard:Dns:Timeout is 00:00:00; a duration from 00:00:00.0010000 to 00:01:00 is needed.", mistakes[0], StringComparison.Ordinal);
        Assert.StartsWith("OriginGuard:Dns:Attempts is 21; a number from 1 to 20 is needed.", mistakes[1], StringComparison.Ordinal);
        Assert.StartsWith("OriginGuard:Dns:HttpsEndpoint ", mistakes[2], StringComparison.Ordinal);
        Assert.Equal(
            "OriginGuard:Dns:Servers:1 is \"no address\"; an address or address:port is needed. Write 8.8.8.8, 127.0.0.1:5353 or [2001:4860:4860::8888]:53.",
            mistakes[3]);
        Assert.StartsWith("OriginGuard:Dns:Servers:2 ", mistakes[4], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(60_000, 20)]
    public void The_ends_of_a_range_are_in_it(int milliseconds, int attempts) =>
        Assert.Empty(Validate(options => (options.Timeout, options.Attempts) = (TimeSpan.FromMilliseconds(milliseconds), attempts)));

    [Theory]
    [InlineData(nameof(DnsOptions.Servers), "", null, true)]
    [InlineData(nameof(DnsOptions.Servers), "", "https://dns.example/", false)]
    [InlineData(nameof(DnsOptions.HttpsEndpoint), "", null, true)]
    [InlineData(nameof(DnsOptions.HttpsEndpoint), "192.0.2.53", null, true)]
    [InlineData(nameof(DnsOptions.HttpsEndpoint), "192.0.2.54", null, false)]
    [InlineData(nameof(DnsOptions.Timeout), "", null, false)]
    [InlineData(nameof(DnsOptions.Attempts), "", null, false)]
    public void Whoever_is_asked_is_missed_unless_the_other_way_of_asking_was_written(string name, string servers, string? endpoint, bool isWeaker)
    {
        var next = With(options =>
        {
            options.Servers = servers.Split(',', StringSplitOptions.RemoveEmptyEntries);
            options.HttpsEndpoint = endpoint is null ? null : new Uri(endpoint);
        });

        Assert.Equal(isWeaker, Section.IsWeakerWithout(name, With(static options => options.Servers = ["192.0.2.53"]), next));
    }

    private static OriginGuardOptions With(Action<DnsOptions> change)
    {
        var options = new OriginGuardOptions();
        change(options.Dns);
        return options;
    }

    private static List<string> Validate(Action<DnsOptions> change)
    {
        List<string> mistakes = [];
        Section.Validate(With(change), mistakes);
        return mistakes;
    }
}
