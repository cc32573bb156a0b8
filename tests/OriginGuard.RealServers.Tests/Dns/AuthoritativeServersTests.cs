using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.RealServers.Tests.Dns;

/// <summary>What each of the servers says of records that it holds itself.</summary>
public class AuthoritativeServersTests
{
    public static TheoryData<string> All => ["bind", "nsd", "unbound", "dnsmasq"];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Joins_the_strings_of_the_record_that_Google_publishes(string program)
    {
        using var log = new LogRecorder();
        await using var server = await DnsServers.StartAsync(program);

        var answer = await DnsServers.ResolveAsync(server, DnsServers.Name, log);

        Assert.Equal([DnsServers.Text], answer.Texts);
        Assert.Empty(log.WithId(4155));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Fetches_over_TCP_what_is_larger_than_4_KB(string program)
    {
        using var log = new LogRecorder();
        await using var server = await DnsServers.StartAsync(program);

        var answer = await DnsServers.ResolveAsync(server, DnsServers.BigName, log);

        Assert.Equal([DnsServers.BigText], answer.Texts);
        Assert.Empty(log.WithId(4155));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Tells_a_name_that_does_not_exist_from_one_without_a_TXT_record(string program)
    {
        await using var server = await DnsServers.StartAsync(program);

        Assert.Equal(TxtError.NameError, (await DnsServers.ResolveAsync(server, DnsServers.MissingName)).Error);
        Assert.Equal(TxtError.NoData, (await DnsServers.ResolveAsync(server, DnsServers.AddressOnlyName)).Error);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Hears_that_the_server_refuses(string program)
    {
        await using var server = await DnsServers.StartAsync(program);

        var answer = await DnsServers.ResolveAsync(server, DnsServers.ForeignName);

        Assert.Equal(TxtError.Refused, answer.Error);
        Assert.Contains($"{server.EndPoint} answered REFUSED (5)", answer.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bind")]
    [InlineData("nsd")]
    public async Task Follows_an_alias_inside_the_answer(string program)
    {
        await using var server = await DnsServers.StartAsync(program);

        Assert.Equal([DnsServers.Text], (await DnsServers.ResolveAsync(server, "_alias." + DnsServers.Zone)).Texts);
    }
}
