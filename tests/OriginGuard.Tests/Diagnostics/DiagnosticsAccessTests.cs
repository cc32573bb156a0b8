using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace OriginGuard.Tests.Diagnostics;

/// <summary>Who gets to see the diagnostics.</summary>
public sealed class DiagnosticsAccessTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_mapped_unless_somebody_maps_it()
    {
        await using var app = await DiagnosedApp.StartAsync(null, static app =>
        {
            app.UseOriginGuard();
            app.MapFallback(static context => context.Response.WriteAsync("inside"));
        });

        using var response = await DiagnosedApp.SendAsync(app.Through());

        Assert.Equal("inside", await response.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task Names_the_missing_call()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();

        var mistake = Assert.Throws<InvalidOperationException>(() => app.MapOriginGuardDiagnostics());

        Assert.Contains("Call builder.Services.AddOriginGuard(", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_goes_around_the_load_balancer_is_refused_by_the_guard()
    {
        await using var app = await DiagnosedApp.StartAsync();

        using var response = await DiagnosedApp.SendAsync(app.Around());

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.DoesNotContain("diagnostics", await response.Content.ReadAsStringAsync(Stop), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Report_only_lets_the_request_in_and_the_diagnostics_do_not_answer_it()
    {
        await using var app = await DiagnosedApp.StartAsync(("Mode", "ReportOnly"));

        using var inside = await DiagnosedApp.SendAsync(app.Around(), path: "/");
        Assert.Equal("inside", await inside.Content.ReadAsStringAsync(Stop));

        await AssertWithheldAsync(app.Around(), "Come through the load balancer");
        Assert.Equal("admitted", Verdict(await app.ReadAsync()));
    }

    [Fact]
    public async Task A_mild_layer_that_would_have_refused_is_enough_to_withhold_them()
    {
        await using var app = await DiagnosedApp.StartAsync(("SharedSecret:Mode", "ReportOnly"));

        await AssertWithheldAsync(app.Through("another-secret-altogether-000000"), "Come through the load balancer");
        Assert.Equal("admitted", Verdict(await app.ReadAsync()));
    }

    [Fact]
    public async Task A_guard_that_is_disabled_admits_nobody_to_them()
    {
        await using var app = await DiagnosedApp.StartAsync(("Mode", "Disabled"));

        await AssertWithheldAsync(app.Through(), "it is disabled");
    }

    [Fact]
    public async Task An_exemption_opens_the_path_and_not_the_diagnostics()
    {
        await using var byPath = await DiagnosedApp.StartAsync(("Exemptions:0:Path", DiagnosedApp.Path));
        await using var byEndpoint = await DiagnosedApp.StartAsync(null, static app =>
        {
            app.UseOriginGuard();
            app.MapOriginGuardDiagnostics().AllowDirectAccess();
        });

        await AssertWithheldAsync(byPath.Around(), "is exempt");
        await AssertWithheldAsync(byPath.Through(), "is exempt");
        await AssertWithheldAsync(byEndpoint.Around(), "is exempt");
    }

    [Fact]
    public async Task Without_a_guard_in_front_they_say_what_is_missing_and_nothing_else()
    {
        await using var app = await DiagnosedApp.StartAsync(null, static app => app.MapOriginGuardDiagnostics());

        await AssertWithheldAsync(app.Through(), "Call app.UseOriginGuard()");
    }

    [Fact]
    public async Task A_feature_that_the_application_put_there_does_not_count()
    {
        await using var app = await DiagnosedApp.StartAsync(null, static app =>
        {
            app.Use(static (context, next) =>
            {
                context.Features.Set<IOriginGuardFeature>(new InventedFeature());
                return next(context);
            });
            app.MapOriginGuardDiagnostics();
        });

        await AssertWithheldAsync(app.Around(), "admit");
    }

    [Fact]
    public async Task Only_reading_is_allowed_and_a_head_is_a_get_without_its_body()
    {
        // An endpoint that takes any method would catch what this one does not.
        await using var app = await DiagnosedApp.StartAsync(null, static app =>
        {
            app.UseOriginGuard();
            app.MapOriginGuardDiagnostics();
        });

        foreach (var method in (string[])["POST", "PUT", "DELETE", "PATCH"])
        {
            using var refused = await DiagnosedApp.SendAsync(app.Through(), method);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
        }

        using var head = await DiagnosedApp.SendAsync(app.Through(), "HEAD");
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Stop));
        Assert.True(head.Content.Headers.ContentLength > 100);
    }

    [Fact]
    public async Task The_authorization_that_the_application_adds_is_asked()
    {
        await using var app = await DiagnosedApp.StartAsync(
            static services => services.AddAuthorization().AddAuthentication(),
            static app =>
            {
                app.UseOriginGuard();
                app.UseAuthorization();
                app.MapOriginGuardDiagnostics().RequireAuthorization(static policy => policy.RequireClaim("email", "ops@example.com"));
            });
        app.Identity = new() { Email = "ops@example.com" };
        Assert.Equal("admitted", Verdict(await app.ReadAsync()));

        app.Identity = new() { Email = "eve@example.com" };
        var denied = await Assert.ThrowsAsync<HttpRequestException>(() => app.ReadAsync());

        Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
    }

    [Fact]
    public async Task They_stand_at_the_path_that_was_chosen()
    {
        await using var app = await DiagnosedApp.StartAsync(null, static app =>
        {
            app.UseOriginGuard();
            app.MapGroup("/ops").MapOriginGuardDiagnostics("/guard");
        });

        using var there = await DiagnosedApp.SendAsync(app.Through(), path: "/ops/guard");
        using var elsewhere = await DiagnosedApp.SendAsync(app.Through());

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (there.StatusCode, elsewhere.StatusCode));
    }

    private static string? Verdict(JsonElement diagnosis) => diagnosis.GetProperty("request").GetProperty("verdict").GetString();

    private static async Task AssertWithheldAsync(HttpClient client, string because)
    {
        using var response = await DiagnosedApp.SendAsync(client, accept: "text/html");
        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync(Stop));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal(["type", "title", "status", "detail"], problem.EnumerateObject().Select(static member => member.Name));
        Assert.Contains(because, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private sealed class InventedFeature : IOriginGuardFeature
    {
        public OriginVerdict Verdict => OriginVerdict.Admitted;

        public IPAddress? PeerAddress => null;

        public IPAddress? ClientAddress => null;

        public IPNetwork? MatchedNetwork => null;

        public int? SecretSlot => null;

        public IReadOnlyList<LayerFinding> Layers => [];
    }
}
