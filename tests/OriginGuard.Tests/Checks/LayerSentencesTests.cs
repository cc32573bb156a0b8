using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Checks;
using OriginGuard.Guard;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Checks;

/// <summary>What the diagnostics say of each layer: why it is on or off, and what it said about a request.</summary>
public sealed class LayerSentencesTests
{
    [Fact]
    public async Task Say_why_layers_are_on()
    {
        await using var app = await GuardedApp.StartAsync();

        Assert.Equal("On with every layer that reads a header: none of those may come in disguise.", Plan(app).Layers[0].Why);
        Assert.Equal("Secrets are configured; they are expected in the header X-Origin-Guard.", Plan(app).Secret.Why);
        Assert.True(Plan(app).Layers[0].IsOn);
        Assert.Equal(
            "No guarded header came in disguise: no look-alike name, none named in Connection.",
            Plan(app).Layers[0].Find(OriginVerdict.Admitted, OriginVerdict.Admitted, new OriginFindings()).Explanation);
    }

    [Fact]
    public async Task Say_why_layers_are_off()
    {
        await using var app = await GuardedApp.StartAsync(("SharedSecret:Mode", "Disabled"));

        Assert.Equal("OriginGuard:SharedSecret:Mode is Disabled.", Plan(app).Secret.Why);
        Assert.Equal("No layer that is on reads a header that could come in disguise.", Plan(app).Layers[0].Why);
        Assert.Empty(Plan(app).Layers[0].Checks);

        app.Reload(("Mode", "Disabled"));
        Assert.All(Plan(app).Layers, static layer => Assert.Equal("OriginGuard:Mode is Disabled: nothing is asked.", layer.Why));
    }

    [Fact]
    public async Task Say_that_there_is_nothing_to_check_with()
    {
        var settings = GuardedApp.Settings();
        settings.Remove("OriginGuard:SharedSecret:Secrets:0");
        await using var app = await GuardedApp.StartAsync(settings);

        Assert.Equal("There is no secret: OriginGuard:SharedSecret:Secrets and SecretFiles are empty.", Plan(app).Secret.Why);
        Assert.False(Plan(app).Secret.IsOn);
    }

    [Fact]
    public async Task Headers_are_judged_as_strictly_as_the_strictest_layer_that_reads_them()
    {
        await using var app = await GuardedApp.StartAsync(
            ("SharedSecret:Mode", "ReportOnly"), ("SourceAddress:From", "ForwardedFor"), ("SourceAddress:Mode", "Enforce"));

        Assert.Equal(LayerMode.Enforce, Plan(app).Layers[0].Mode);
        Assert.Equal([true, false], Plan(app).Layers[0].Checks.Select(static check => check.IsEnforced));
    }

    [Fact]
    public void Say_what_a_layer_said()
    {
        var layer = new Said(LayerMode.Enforce);
        var found = new OriginFindings();

        Assert.Equal("It was right.", layer.Find(OriginVerdict.Admitted, OriginVerdict.Admitted, found).Explanation);
        Assert.Equal(
            "It answered secret.missing: docs/troubleshooting.md#secret-missing",
            layer.Find(OriginVerdict.Because(RefusalReason.SecretMissing), OriginVerdict.Because(RefusalReason.SecretMissing), found).Explanation);
        Assert.Equal("It was not asked: the request is exempt.", layer.Find(null, OriginVerdict.Exempted, found).Explanation);
        Assert.Equal("It was not asked: a layer before it had decided.", layer.Find(null, OriginVerdict.Because(RefusalReason.AddressUnknown), found).Explanation);
        Assert.Equal("Because.", new Said(LayerMode.Disabled).Find(null, OriginVerdict.Exempted, found).Explanation);
    }

    [Fact]
    public void Say_in_a_log_which_layer_it_was()
    {
        var layer = new Said(LayerMode.Enforce);

        Assert.Equal("SharedSecret: admitted", $"{layer.Find(OriginVerdict.Admitted, OriginVerdict.Admitted, new OriginFindings())}");
        Assert.Equal("SharedSecret: not asked", $"{layer.Find(null, OriginVerdict.Exempted, new OriginFindings())}");
    }

    [Theory]
    [InlineData(0, "The request carried the current secret, once. Only your load balancer knows it.")]
    [InlineData(1, "The request carried secret number 2 of those configured, as while it is being changed.")]
    public async Task Say_which_secret_it_was(int slot, string sentence)
    {
        await using var app = await GuardedApp.StartAsync();

        Assert.Equal(sentence, Plan(app).Secret.Find(OriginVerdict.Admitted, OriginVerdict.Admitted, new OriginFindings { SecretSlot = slot }).Explanation);
    }

    private static GuardPlan Plan(GuardedApp app) => app.Services.GetRequiredService<GuardPlans>().Current;

    private sealed class Said(LayerMode mode) : Layer(GuardLayer.SharedSecret, mode, "Because.")
    {
        public override IEnumerable<PlannedCheck> Checks => [];

        protected override string WhatAdmitted(OriginFindings found) => "It was right.";
    }
}
