using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using OriginGuard.Tests.House;
using Xunit;

namespace OriginGuard.Tests;

/// <summary>What docs/threat-model.md says of one layer by itself, where no other test shows it.</summary>
public sealed class ThreatModelTests
{
    private const string Audience = "/projects/1/apps/x";
    private const string Record = "ranges.example";

    /// <summary>Peer, what the request carries, and the status by the address, the secret and the assertion alone.</summary>
    public static TheoryData<string, string, bool, bool, int[]> Attacks => new()
    {
        { "a request from a virtual machine at Google", "34.1.2.3", false, false, [403, 403, 403] },
        { "a leaked secret, set at another customer's load balancer", "34.96.1.1", true, false, [200, 200, 403] },
        { "a stolen assertion, sent directly", "203.0.113.66", false, true, [403, 403, 200] },
        { "a forged DNS answer with the attacker's networks, for another record or without the lists", "185.12.0.7", false, false, [200, 403, 403] },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task A_layer_by_itself_stops_what_the_page_says(string attack, string peer, bool hasSecret, bool hasAssertion, int[] statuses)
    {
        using var issuer = new IapAssertionIssuer(new ManualTimeProvider());
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, TestContext.Current.CancellationToken);
        List<int> seen = [];
        foreach (var layer in Layers(keys))
        {
            await using var app = await GuardedApp.StartAsync(layer, static services => services.AddSingleton<ITxtResolver>(
                new ScriptedTxtResolver().Answer(Record, "v=spf1 ip4:34.96.0.0/20 ip4:185.12.0.0/24")));
            var context = await app.SendAsync(IPAddress.Parse(peer), request =>
            {
                if (hasSecret)
                {
                    request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
                }

                if (hasAssertion)
                {
                    request.Headers[IapDefaults.AssertionHeader] = issuer.Issue(Audience);
                }
            });
            seen.Add(context.Response.StatusCode);
        }

        Assert.Equal(statuses, seen);
        Assert.Contains($"| {attack} |", Repository.Read("docs/threat-model.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_row_of_the_page_names_a_test()
    {
        var rows = Repository.Read("docs/threat-model.md").Split('\n').Where(static line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| attack", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal));

        Assert.All(rows, static row => Assert.Contains("Tests.", row, StringComparison.Ordinal));
    }

    private static IEnumerable<Dictionary<string, string?>> Layers(IapKeyEndpoint keys) =>
    [
        new() { ["OriginGuard:SourceAddress:RecordNames:0"] = Record },
        new() { ["OriginGuard:SourceAddress:Mode"] = "Disabled", ["OriginGuard:SharedSecret:Secrets:0"] = GuardedApp.Secret },
        new() { ["OriginGuard:SourceAddress:Mode"] = "Disabled", ["OriginGuard:Iap:Audiences:0"] = Audience, ["OriginGuard:Iap:KeysUri"] = $"{keys.Uri}" },
    ];
}
