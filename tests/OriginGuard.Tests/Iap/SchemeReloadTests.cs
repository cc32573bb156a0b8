using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Iap;

/// <summary>A reload never widens a scheme by what it has lost, as little as it widens the guard.</summary>
public sealed class SchemeReloadTests
{
    private const string Other = "/projects/123456789/global/backendServices/111";

    [Fact]
    public async Task An_audience_that_a_later_source_replaced_does_not_come_back_when_that_source_has_gone()
    {
        var later = Later();
        await using var app = await StartAsync(later);

        later.Become(new Dictionary<string, string?> { ["OriginGuard:Iap:MaxTokenLifetime"] = "00:10:00" });

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await StatusAsync(app, Other), await StatusAsync(app, IapWorld.Audience)));
        Assert.Contains("OriginGuard:Iap:Audiences was set and is not there any more", Assert.Single(app.Logs.WithId(4520)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_that_has_gone_does_not_go_back_to_its_default()
    {
        var later = Later(("OriginGuard:Iap:MaxTokenLifetime", "00:01:00"));
        await using var app = await StartAsync(later);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, IapWorld.Audience));

        later.Become(new Dictionary<string, string?> { ["OriginGuard:Iap:Audiences:0"] = IapWorld.Audience });

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(app, IapWorld.Audience));
        Assert.Contains("MaxTokenLifetime", Assert.Single(app.Logs.WithId(4520)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_comes_into_force()
    {
        var later = Later(("OriginGuard:Iap:MaxTokenLifetime", "00:01:00"));
        await using var app = await StartAsync(later);

        later.Become(new Dictionary<string, string?> { ["OriginGuard:Iap:Audiences:0"] = Other, ["OriginGuard:Iap:MaxTokenLifetime"] = "00:10:00" });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await StatusAsync(app, Other), await StatusAsync(app, IapWorld.Audience)));
        Assert.Empty(app.Logs.WithId(4520));
    }

    private static ChangingSource Later(params (string Key, string Value)[] more) => new(new Dictionary<string, string?>(
        more.Select(static setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)).Append(new("OriginGuard:Iap:Audiences:0", IapWorld.Audience))));

    private static Task<IapApp> StartAsync(ChangingSource later)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["OriginGuard:Iap:Audiences:0"] = IapWorld.Audience, ["OriginGuard:Iap:Audiences:1"] = Other })
            .Add(later).Build();
        return IapApp.StartAsync(builder => builder.AddGoogleIap(configuration));
    }

    private static async Task<HttpStatusCode> StatusAsync(IapApp app, string audience) => (await app.GetAsync(app.Issuer.Issue(audience))).Status;
}
