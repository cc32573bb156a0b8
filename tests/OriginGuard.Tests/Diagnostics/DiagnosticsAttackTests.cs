using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OriginGuard.Learning;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Diagnostics;

/// <summary>Ways to get at the diagnostics, or to make them work hard, without having been admitted to them.</summary>
public sealed class DiagnosticsAttackTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Mode", "ReportOnly")]
    [InlineData("SharedSecret:Mode", "ReportOnly", "SourceAddress:Mode", "ReportOnly")]
    public async Task A_cache_behind_the_guard_keeps_nothing_for_whoever_was_only_let_through(params string[] mild)
    {
        await using var app = await DiagnosedApp.StartAsync(
            static services => services.AddOutputCache(static cache => cache.AddBasePolicy(static policy => policy.Cache())),
            static app =>
            {
                app.UseOriginGuard();
                app.UseOutputCache();
                app.MapOriginGuardDiagnostics();
            },
            [.. mild.Chunk(2).Select(static pair => (pair[0], pair[1])), ("Iap:Mode", "Disabled")]);
        using var admitted = await DiagnosedApp.SendAsync(app.Through());
        Assert.Equal(HttpStatusCode.OK, admitted.StatusCode);

        using var stranger = await DiagnosedApp.SendAsync(app.Around());

        Assert.Equal(HttpStatusCode.Forbidden, stranger.StatusCode);
        Assert.DoesNotContain("34.96.0.0", await stranger.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exemption_of_the_whole_group_does_not_open_them()
    {
        await using var app = await DiagnosedApp.StartAsync(null, static app =>
        {
            app.UseOriginGuard();
            app.MapGroup("").AllowDirectAccess().MapOriginGuardDiagnostics();
        });

        await AssertHiddenAsync(app.Around(), DiagnosedApp.Path);
    }

    [Theory]
    [InlineData("Enforce", true)]
    [InlineData("Enforce", false)]
    [InlineData("ReportOnly", true)]
    [InlineData("ReportOnly", false)]
    public async Task An_error_handler_that_runs_them_in_place_of_a_page_shows_nothing(string mode, bool outside)
    {
        await using var app = await DiagnosedApp.StartAsync(
            null,
            app =>
            {
                if (!outside)
                {
                    app.UseOriginGuard();
                }

                app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandlingPath = DiagnosedApp.Path, AllowStatusCode404Response = true });
                app.UseStatusCodePagesWithReExecute(DiagnosedApp.Path);
                if (outside)
                {
                    app.UseOriginGuard();
                }

                app.UseRouting();
                app.MapOriginGuardDiagnostics();
                app.MapGet("/throws", static _ => throw new InvalidOperationException("no page")).AllowDirectAccess();
            },
            ("Mode", mode), ("Exemptions:0:Path", "/throws"), ("Exemptions:1:Path", "/nowhere"));

        await AssertHiddenAsync(app.Around(), "/throws");
        await AssertHiddenAsync(app.Around(), "/nowhere");
        await AssertHiddenAsync(app.Around(), "/elsewhere");
    }

    [Theory]
    [InlineData("/%5foriginguard")]
    [InlineData("/_ORIGINGUARD/")]
    [InlineData("/_originguard?format=html&format=json&format")]
    public async Task However_the_path_is_written_it_is_guarded(string path)
    {
        await using var app = await DiagnosedApp.StartAsync(("Exemptions:0:Path", DiagnosedApp.Path));

        await AssertHiddenAsync(app.Around(), path);
    }

    [Theory]
    [InlineData("text/html;q=NaN")]
    [InlineData("text/html;q=1e400, application/json;q=-1")]
    [InlineData("text/html;q=0.00000000000000000000000000001;q=1")]
    [InlineData("text/html;q=\"1\";=;;,,/,*/,/*;q")]
    [InlineData("\u00e4\u2028/\u202e")]
    public async Task A_hostile_accept_gets_one_of_the_two_forms(string accept)
    {
        await using var app = await DiagnosedApp.StartAsync();

        using var one = await DiagnosedApp.SendAsync(app.Through(), accept: accept);
        using var many = await DiagnosedApp.SendAsync(app.Through(), accept: string.Join(',', Enumerable.Repeat(accept, 500)));

        Assert.All([one, many], static response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.All([one, many], static response => Assert.Contains(response.Content.Headers.ContentType?.MediaType, (string[])["text/html", "application/json"]));
    }

    [Fact]
    public async Task However_many_ranges_there_are_the_answer_stays_small()
    {
        var dns = new ScriptedTxtResolver();
        var networks = string.Join(' ', Enumerable.Range(0, 2_000).Select(static i => $"ip4:34.{i / 256}.{i % 256}.0/24"));
        dns.Answer("_ranges.example", TxtAnswer.Found([$"v=spf1 ip4:34.96.0.0/20 {networks} -all"], TimeSpan.FromMinutes(30)));
        await using var app = await DiagnosedApp.StartAsync(
            services => services.AddSingleton<ITxtResolver>(dns), null, ("SourceAddress:RecordNames", null), ("SourceAddress:RecordNames:0", "_ranges.example"));

        var record = (await app.ReadAsync()).GetProperty("ranges").GetProperty("records")[0];
        var page = await app.ReadPageAsync();

        Assert.Equal(("succeeded", 100), (record.GetProperty("lastRefresh").GetString(), record.GetProperty("networks").GetArrayLength()));
        Assert.True(record.GetProperty("networkCount").GetInt32() > 1_900);
        Assert.InRange(page.Length, 1, 60_000);
    }

    [Fact]
    public void A_flood_of_audiences_makes_a_short_line_without_a_sign_that_a_terminal_obeys()
    {
        var clock = new ManualTimeProvider();
        using var logs = new LogRecorder();
        var seen = new Observations(clock, logs.CreateLogger<Observations>());
        for (var i = 0; i < 200; i++)
        {
            seen.Add(new Observation(GuardedApp.Stranger, null, true, true, true, $"{i}\u001b[2J\r\nfail: \u202e{new string('\u0085', 4_000)}"), clock);
        }

        clock.Advance(TimeSpan.FromMinutes(5));
        seen.Add(new Observation(null, null, false, false, false, null), clock);

        var line = Assert.Single(logs.WithId(4014)).Message;
        Assert.InRange(line.Length, 1, 2_500);
        Assert.DoesNotContain(line, static sign => sign is < ' ' or > '~');
    }

    private static async Task AssertHiddenAsync(HttpClient client, string path)
    {
        using var response = await DiagnosedApp.SendAsync(client, path: path);
        var text = await response.Content.ReadAsStringAsync(Stop);

        Assert.All((string[])["networks", "34.96.0.0", "counts", "sharedSecret"], hidden => Assert.DoesNotContain(hidden, text, StringComparison.Ordinal));
    }
}
