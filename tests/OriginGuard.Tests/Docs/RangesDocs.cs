using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Testing;
using OriginGuard.Tests.Docs.FrameworkDnsShape;
using Xunit;

namespace OriginGuard.Tests.Docs;

/// <summary>The code of docs/ranges.md: other resolvers behind the guard.</summary>
public sealed class RangesDocs
{
    private const string Name = SourceAddressOptions.GoogleRecordName;

    [Fact]
    public async Task Another_resolver_is_registered_before_the_guard()
    {
        var resolver = new DnsResolver(static _ => new(DnsResponseCode.NoError, [new(["v=spf1 ip4:34.9", "6.0.0/20 ~all"], TimeSpan.FromMinutes(5))]));
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddSingleton(resolver);

        #region docs: registration
        builder.Services.AddSingleton<ITxtResolver, FrameworkTxtResolver>();
        builder.Services.AddOriginGuard(builder.Configuration);
        #endregion

        await using var app = builder.Build();
        app.UseOriginGuard();
        app.MapGet("/", static () => "inside");
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var loadBalancer = SimulatedLoadBalancer.CreateClient(app.GetTestServer());

        Assert.Equal("inside", await loadBalancer.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_framework_resolver_keeps_its_errors_apart()
    {
        async Task<TxtAnswer> AskAsync(FrameworkDnsShape.DnsResponseCode code, params string[][] records) => await new FrameworkTxtResolver(
            new DnsResolver(_ => new(code, [.. records.Select(static values => new FrameworkDnsShape.TxtRecord(values, TimeSpan.FromSeconds(values.Length)))])))
            .ResolveTxtAsync(Name, TestContext.Current.CancellationToken);

        var found = await AskAsync(DnsResponseCode.NoError, ["v=spf1 ", "-all"], ["other"]);
        Assert.Equal(["v=spf1 -all", "other"], found.Texts);
        Assert.Equal(TimeSpan.FromSeconds(1), found.TimeToLive);
        Assert.Equal(TxtError.NoData, (await AskAsync(DnsResponseCode.NoError)).Error);
        Assert.Equal(TxtError.NameError, (await AskAsync(DnsResponseCode.NxDomain)).Error);
        Assert.Equal(TxtError.Refused, (await AskAsync(DnsResponseCode.Refused)).Error);
        Assert.Equal(TxtError.ServerFailure, (await AskAsync(DnsResponseCode.ServerFailure)).Error);
    }
}
