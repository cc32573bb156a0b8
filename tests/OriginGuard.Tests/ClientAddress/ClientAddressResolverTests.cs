using OriginGuard.ClientAddress;
using Xunit;

namespace OriginGuard.Tests.ClientAddress;

public sealed class ClientAddressResolverTests
{
    [Theory]
    [InlineData("https", "https")]
    [InlineData("HTTP", "http")]
    [InlineData("https,http", "http")]
    [InlineData("http, HTTPS ", "https")]
    [InlineData("https,gopher", null)]
    [InlineData("https,", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_scheme_is_the_last_entry_where_it_is_one_of_the_web(string? forwardedProto, string? scheme) =>
        Assert.Equal(scheme, ClientAddressResolver.Scheme(forwardedProto));

    [Theory]
    [InlineData("6.6.6.6,203.0.113.9,198.51.100.1", "203.0.113.9")]
    [InlineData("::ffff:203.0.113.9,198.51.100.1", "203.0.113.9")]
    [InlineData("2001:db8::7,198.51.100.1", "2001:db8::7")]
    [InlineData("0.0.0.0,198.51.100.1", null)]
    [InlineData("::,198.51.100.1", null)]
    [InlineData("::ffff:0.0.0.0,198.51.100.1", null)]
    [InlineData("nobody,198.51.100.1", null)]
    [InlineData("198.51.100.1", null)]
    [InlineData(null, null)]
    public void The_client_is_the_entry_that_the_load_balancer_wrote_and_nobody_where_it_is_no_address(string? forwardedFor, string? client) =>
        Assert.Equal(client, new ClientAddressResolver(2).Resolve(forwardedFor)?.ToString());
}
