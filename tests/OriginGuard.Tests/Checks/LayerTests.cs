using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OriginGuard.Checks;
using OriginGuard.Guard;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Checks;

/// <summary>Nothing in the house switches on the name of a layer: one that it has never heard of is asked, explained, announced and counted like the others.</summary>
public sealed class LayerTests
{
    [Theory]
    [InlineData(LayerMode.Enforce, "yes", 200)]
    [InlineData(LayerMode.Enforce, "no", 403)]
    [InlineData(LayerMode.ReportOnly, "no", 200)]
    [InlineData(LayerMode.Disabled, "no", 200)]
    public async Task A_layer_that_is_new_is_asked(LayerMode mode, string word, int status)
    {
        await using var app = await StartAsync(mode);

        Assert.Equal(status, (await SendAsync(app, word)).Response.StatusCode);
    }

    [Fact]
    public async Task And_explained()
    {
        await using var app = await StartAsync(LayerMode.Enforce);

        var finding = (await SendAsync(app, "yes")).Features.Get<IOriginGuardFeature>()!.Layers[^1];

        Assert.Equal((NewLayer.Number, LayerMode.Enforce, "It said the word."), (finding.Layer, finding.Mode, finding.Explanation));
        Assert.True(finding.Verdict?.IsAllowed);
    }

    [Fact]
    public async Task And_announced_with_what_is_weak_about_it()
    {
        await using var app = await StartAsync(LayerMode.ReportOnly);

        Assert.EndsWith($"SharedSecret, {NewLayer.Number} (report only).", Assert.Single(app.Logs.WithId(4006)).Message, StringComparison.Ordinal);
        Assert.Contains("The word is short.", Assert.Single(app.Logs.WithId(4007)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task And_refuses_for_all_that_only_report()
    {
        await using var app = await StartAsync(LayerMode.Enforce, told: null, ("SourceAddress:Mode", "ReportOnly"), ("SharedSecret:Mode", "ReportOnly"));

        Assert.Equal(["The word is short."], app.Logs.WithId(4007).Select(static line => line.Message));
    }

    [Fact]
    public async Task And_counts_for_the_health_of_the_guard()
    {
        await using var app = await StartAsync(LayerMode.Enforce);

        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal((HealthStatus.Degraded, "The word wears off."), (report.Status, Assert.Single(report.Entries).Value.Description));
    }

    [Fact]
    public async Task And_told_when_its_configuration_begins_and_ends()
    {
        List<string> told = [];
        await using var app = await StartAsync(LayerMode.Enforce, told);

        app.Reload(("Rejection:StatusCode", "404"));

        Assert.Equal(["begin", "begin", "end"], told);
    }

    [Fact]
    public async Task And_let_go_when_the_plan_that_it_was_made_for_never_comes_into_force()
    {
        List<string> told = [];
        await using var app = await StartAsync(LayerMode.Enforce, told);
        var plans = app.Services.GetRequiredService<GuardPlans>();

        // No options come this far without a validator; a mistake in the guard itself would look like it.
        Assert.ThrowsAny<Exception>(() => plans.Prepare(new OriginGuardOptions { Exemptions = [null!] }));

        Assert.Equal(["begin", "end"], told);
    }

    private static Task<GuardedApp> StartAsync(LayerMode mode, List<string>? told = null, params (string Key, string? Value)[] settings) => GuardedApp.StartAsync(GuardedApp.Settings(settings), services =>
    {
        services.AddSingleton<ILayerPlanner>(new NewPlanner(mode, told ?? []));
        services.AddHealthChecks().AddOriginGuard();
    });

    private static Task<HttpContext> SendAsync(GuardedApp app, string word) => app.SendAsync(GuardedApp.LoadBalancer, request =>
    {
        request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
        request.Headers["X-Word"] = word;
    });

    private sealed class NewPlanner(LayerMode mode, List<string> told) : ILayerPlanner
    {
        public Layer Plan(OriginGuardOptions options) => new NewLayer(mode, told);
    }

    private sealed class NewCheck : OriginCheck
    {
        public override GuardLayer Layer => NewLayer.Number;

        public override ValueTask<OriginVerdict> CheckAsync(HttpContext context, OriginFindings findings) => ValueTask.FromResult(
            context.Request.Headers["X-Word"] == "yes" ? OriginVerdict.Admitted : OriginVerdict.Because(RefusalReason.SecretMissing));
    }

    private sealed class NewLayer(LayerMode mode, List<string> told) : Layer(Number, mode, "Because a test wants it.")
    {
        public static readonly GuardLayer Number = Enum.GetValues<GuardLayer>().Max() + 1;

        public override IEnumerable<PlannedCheck> Checks => IsOn ? [Ask(new NewCheck())] : [];

        public override IEnumerable<string> Weaknesses => ["The word is short."];

        public override void Begin() => told.Add("begin");

        public override void End() => told.Add("end");

        public override HealthCheckResult Health() => HealthCheckResult.Degraded("The word wears off.");

        protected override string WhatAdmitted(OriginFindings found) => "It said the word.";
    }
}
