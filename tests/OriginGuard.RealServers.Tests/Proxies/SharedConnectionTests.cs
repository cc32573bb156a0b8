using System.Net;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.RealServers.Tests.Proxies;

public sealed class SharedConnectionTests
{
    public static TheoryData<ProxyKind> Kinds => [.. Enum.GetValues<ProxyKind>()];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Requests_that_share_a_connection_to_the_origin_are_judged_each_by_itself(ProxyKind kind)
    {
        string?[] secrets = [GuardedApp.Secret, null, GuardedApp.Secret, "a-guess-that-is-long-enough-0000", "", GuardedApp.Secret];
        await using var origin = await ProxiedOrigin.StartAsync();
        await using var proxy = await ProxyServers.StartAsync(kind, origin);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 1 });

        var seen = new List<Sighting>();
        foreach (var secret in secrets)
        {
            seen.Add(await AskAsync(client, proxy.EndPoint, secret));
        }

        Assert.Equal(["admitted", "secret.missing", "admitted", "secret.mismatch", "secret.missing", "admitted"], seen.Select(one => one.Verdict));
        Assert.Single(seen.Select(one => one.Connection).Distinct());
    }

    private static async Task<Sighting> AskAsync(HttpClient client, IPEndPoint proxy, string? secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{proxy}/") { Content = new StringContent("a body that a refusal does not read") };
        if (secret is not null)
        {
            request.Headers.TryAddWithoutValidation(ProxiedOrigin.Header, secret);
        }

        using var response = await client.SendAsync(request, Token);
        await response.Content.ReadAsByteArrayAsync(Token);
        return Sighting.Parse(response.Headers.GetValues(Sighting.Header).Single());
    }
}
