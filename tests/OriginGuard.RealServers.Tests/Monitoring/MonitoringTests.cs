using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OriginGuard.RealServers.Tests.Packages;
using OriginGuard.RealServers.Tests.Tool;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.RealServers.Tests.Monitoring;

/// <summary>The alerts and the dashboard of docs/monitoring, by promtool and by the names that a real exporter gives the instruments.</summary>
public sealed partial class MonitoringTests
{
    private const string Folder = "docs/monitoring";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_alerts_fire_when_they_should_and_not_before()
    {
        var (code, output) = await ProgramRun.StartAsync(ServerProgram.Promtool.Require(), "test", "rules", Path.Combine(Source.Root, Folder, "originguard.rules.test.yml"));

        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task Alerts_and_dashboard_ask_for_what_a_scrape_of_the_guard_has()
    {
        var scraped = await ScrapeAsync();
        var rules = Source.Read($"{Folder}/originguard.rules.yml");
        using var dashboard = JsonDocument.Parse(Source.Read($"{Folder}/grafana-dashboard.json"));
        string[] expressions =
        [
            .. Expression().Matches(rules).Select(static match => match.Groups[1].Value),
            .. dashboard.RootElement.GetProperty("panels").EnumerateArray().SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
                .Select(static target => target.GetProperty("expr").GetString()!),
        ];

        Assert.Equal(10 + 14, expressions.Length);
        Assert.All(expressions.SelectMany(static expression => Metric().Matches(expression).Select(static match => match.Value)).Distinct(), name => Assert.Contains(name, scraped));
        Assert.All(expressions.SelectMany(static expression => Label().Matches(expression).Select(static match => match.Value)).Distinct(), label => Assert.Contains(label, scraped));
    }

    /// <summary>Every metric that a guard with all its layers has shown, and every label.</summary>
    private static async Task<HashSet<string>> ScrapeAsync()
    {
        await using var dns = LoopbackDnsServer.Start();
        dns.SetTxt("_ranges.example", "v=spf1 ip4:34.96.0.0/20");
        using var issuer = new IapAssertionIssuer();
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, cancellationToken: Stop);
        await using var origin = await GuardedOrigin.StartAsync(
            new Dictionary<string, string?>
            {
                ["OriginGuard:SourceAddress:RecordNames:0"] = "_ranges.example",
                ["OriginGuard:SourceAddress:Mode"] = "ReportOnly",
                ["OriginGuard:Dns:Servers:0"] = $"{dns.EndPoint}",
                ["OriginGuard:SharedSecret:Secrets:0"] = GuardedApp.Secret,
                ["OriginGuard:Iap:Audiences:0"] = "/projects/1/global/backendServices/2",
                ["OriginGuard:Iap:KeysUri"] = $"{keys.Uri}",
            },
            pipeline: static app =>
            {
                app.UseOriginGuard();
                app.MapPrometheusScrapingEndpoint().AllowDirectAccess();
                app.MapFallback(static context => context.Response.WriteAsync("inside"));
            },
            services: AddMetrics);
        using var client = new HttpClient { BaseAddress = origin.Address };
        using var refused = await client.GetAsync(new Uri("/", UriKind.Relative), Stop);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("X-Origin-Guard", GuardedApp.Secret);
        request.Headers.Add("X-Goog-IAP-JWT-Assertion", issuer.Issue("/projects/1/global/backendServices/2"));
        using var admitted = await client.SendAsync(request, Stop);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (refused.StatusCode, admitted.StatusCode));

        // What takes a connection guard or a fetch over HTTPS to be counted is named here, and its form is that of the others.
        HashSet<string> names = ["originguard_connections_refused_total", "originguard_ranges_lists_age_seconds"];
        foreach (var line in (await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Stop)).Split('\n').Where(static line => line.StartsWith("originguard", StringComparison.Ordinal)))
        {
            names.Add(Metric().Match(line).Value);
            names.UnionWith(Label().Matches(line).Select(static match => match.Value));
        }

        return names;
    }

    private static void AddMetrics(IServiceCollection services)
    {
        #region docs: opentelemetry
        services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("OriginGuard").AddPrometheusExporter());
        #endregion
    }

    [GeneratedRegex("^ +expr: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Expression();

    [GeneratedRegex(@"originguard_(?!verdict|reason|mode|slot|result)[a-z_]+")]
    private static partial Regex Metric();

    [GeneratedRegex("originguard_(?:verdict|reason|mode|slot|result)")]
    private static partial Regex Label();
}
