using OriginGuard.Ranges;
using OriginGuard.Tests.PublishedLists;
using Xunit;

namespace OriginGuard.Tests.Ranges;

/// <summary>The answer of Google's record, compared with the lists that Google publishes over HTTPS.</summary>
public sealed class CorroborationTests
{
    private const string Text = "v=spf1 ip4:34.96.0.0/20 ip4:34.127.192.0/18 ~all";
    private const string Peer = "34.96.1.1";

    // 34.1.208.0/20 is in the copy of cloud.json that is built in; 45.0.0.0/16 is nowhere.
    private static readonly string[] Google = ["34.64.0.0/10", "34.0.0.0/15", "2600:1900::/28"];
    private static readonly string[] Cloud = ["34.1.208.0/20", "34.97.0.0/16", "2600:1900:8000::/44"];

    public static TheoryData<string> Forgeries => new()
    {
        "v=spf1 ip4:45.0.0.0/24 -all", // an attacker's network
        "v=spf1 ip4:34.1.208.7 -all", // a virtual machine's
        "v=spf1 ip4:34.96.0.0/20 ip4:34.127.192.0/18 ip4:34.97.3.3 -all", // the true ones and a virtual machine's
        "v=spf1 ip4:34.96.0.0/15 -all", // a wider one around a true one
        "v=spf1 ip4:34.96.0.0/14 -all", // as wide as growth may be
        $"v=spf1 {string.Join(' ', Enumerable.Range(0, 200).Select(static i => $"ip4:45.0.{i}.0/24"))} -all", // many small ones
        "v=spf1 ip4:45.1.1.1 ip4:34.96.0.0/20 -all", // a mixture in another order
        "v=spf1 ip4:34.96.0.0/20 ip6:2a01:4f8::/32 -all", // the other family
        "v=spf1 ip4:34.96.0.0/20 ip6:2600:1900:8000::5 -all", // a customer's of the other family
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_forged_answer_is_refused_whole_and_the_old_ranges_stay(string forged)
    {
        await using var scene = await StartAsync(Google, Cloud);
        Assert.Equal("Confirmed", Said(scene));

        scene.Resolver.Answer(SupplyScene.Name, forged);
        await scene.NextAsync();

        Assert.Contains("Google's own lists deny the answer", scene.Status.LastError, StringComparison.Ordinal);
        Assert.Equal((SupplyScene.Admitted, 2), (scene.Verdict(Peer), scene.Ranges.Record(SupplyScene.Name)!.Networks.Count));
        Assert.All((string[])["45.0.0.1", "45.1.1.1", "34.1.208.7", "34.97.3.3", "2a01:4f8::1", "2600:1900:8000::5"], address => Assert.Equal(SupplyScene.Refused, scene.Verdict(address)));
        Assert.Contains(scene.Logs.WithId(4103), entry => entry.Message.Contains("deny", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_forged_answer_at_the_first_start_admits_nobody(string forged)
    {
        await using var scene = Scene(Google, Cloud);
        scene.Resolver.Answer(SupplyScene.Name, forged);
        await scene.StartAsync();
        await scene.AsleepAsync();

        Assert.Equal(SupplyScene.Undetermined, scene.Verdict("45.0.0.1"));
        Assert.Equal(RangeOrigin.None, scene.Origin);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_forged_answer_that_came_before_the_lists_does_not_outlive_them(bool reloads)
    {
        await using var scene = Scene(Google, Cloud, static options => options.UseBuiltInRanges = true);
        var arrival = await StartForgedBeforeTheListsAsync(scene);
        Assert.Equal((SupplyScene.Admitted, "Doubted"), (scene.Verdict("45.0.0.1"), Said(scene)));
        Assert.Single(scene.Logs.WithId(4109));
        if (reloads)
        {
            // The secret is rotated, for example: other options in force say the same of the ranges.
            scene.ReloadSomethingElse();
        }

        arrival.SetResult();
        await SupplyScene.UntilAsync(() => scene.Origin is RangeOrigin.BuiltIn);

        Assert.Equal((SupplyScene.Refused, SupplyScene.Admitted, "Confirmed"), (scene.Verdict("45.0.0.1"), scene.Verdict(Peer), Said(scene)));
        Assert.Contains("45.0.0.0/24 is not in goog.json", Assert.Single(scene.Logs.WithId(4107)).Message, StringComparison.Ordinal);

        // Nor is anybody turned away in between, or told so.
        await scene.AsleepAsync();
        Assert.Empty(scene.Logs.WithId(4104));
        Assert.Contains("Keeping 2 ranges (built-in)", Assert.Single(scene.Logs.WithId(4103)).Message, StringComparison.Ordinal);
    }

    /// <summary>It was saved as it came into force, before there were lists to deny it.</summary>
    [Fact]
    public async Task A_forged_answer_that_was_denied_does_not_come_back_with_the_next_start()
    {
        await using var first = Scene(Google, Cloud, static options => options.UseBuiltInRanges = true);
        var arrival = await StartForgedBeforeTheListsAsync(first);
        await first.Refresher.WhenSaved;
        Assert.Contains("45.0.0.0/24", await File.ReadAllTextAsync(first.SnapshotPath, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        arrival.SetResult();
        await SupplyScene.UntilAsync(() => first.Origin is RangeOrigin.BuiltIn);
        await first.StopAsync();

        await using var second = new SupplyScene(
            static options => (options.Corroboration, options.UseBuiltInRanges) = (CorroborationMode.On, true), first);
        second.Fail();
        _ = second.StartAsync();
        await SupplyScene.UntilAsync(() => second.Origin is not RangeOrigin.None);

        Assert.Equal((RangeOrigin.BuiltIn, SupplyScene.Refused, SupplyScene.Admitted), (second.Origin, second.Verdict("45.0.0.1"), second.Verdict(Peer)));
    }

    [Fact]
    public async Task What_only_the_copy_that_is_built_in_denies_is_taken_and_warned_of()
    {
        await using var scene = Scene(null, null);
        scene.Resolver.Answer(SupplyScene.Name, "v=spf1 ip4:34.96.0.0/20 ip4:45.0.0.0/24");
        await scene.StartAsync();
        await scene.AsleepAsync();

        Assert.Equal((SupplyScene.Admitted, "Doubted"), (scene.Verdict("45.0.0.1"), Said(scene)));
        Assert.Contains("45.0.0.0/24 is not in goog.json", Assert.Single(scene.Logs.WithId(4109)).Message, StringComparison.Ordinal);
        var health = Health(scene);
        Assert.Equal("Degraded", health.Status.ToString());
        Assert.Contains("45.0.0.0/24", health.Description, StringComparison.Ordinal);

        await scene.NextAsync();
        Assert.Single(scene.Logs.WithId(4109));
    }

    [Fact]
    public async Task Fresh_lists_confirm_the_ranges_in_force_also_while_dns_is_down()
    {
        await using var scene = Scene(null, null);
        scene.Resolver.Answer(SupplyScene.Name, Text);
        await scene.StartAsync();
        await scene.AsleepAsync();
        Assert.Equal("Likely", Said(scene));

        scene.Resolver.Answer(SupplyScene.Name, TxtAnswer.Failed(TxtError.Refused, "not for you"));
        (scene.Lists.Google, scene.Lists.Cloud) = (Google, Cloud);
        await SupplyScene.UntilAsync(() =>
        {
            scene.Clock.Advance(TimeSpan.FromSeconds(1));
            return Said(scene) == "Confirmed" && scene.Status.LastError is not null; // two loops, in either order
        });

        Assert.Contains("not for you", scene.Status.LastError, StringComparison.Ordinal);
        Assert.Equal(SupplyScene.Admitted, scene.Verdict(Peer));
    }

    [Fact]
    public async Task A_year_without_HTTPS_costs_nothing_but_a_warning_now_and_then()
    {
        await using var scene = Scene(null, null, static options => (options.MinRefreshInterval, options.MaxRefreshInterval) = (TimeSpan.FromDays(2), TimeSpan.FromDays(2)));
        scene.Resolver.Answer(SupplyScene.Name, Text);
        await scene.StartAsync();
        await scene.AsleepAsync();

        Assert.Equal((SupplyScene.Admitted, "Likely", "Healthy"), (scene.Verdict(Peer), Said(scene), Health(scene).Status.ToString()));

        for (var day = 0; day < 365; day += 2)
        {
            Assert.Equal(TimeSpan.FromDays(2), await scene.NextAsync());
        }

        Assert.Equal((SupplyScene.Admitted, "Likely"), (scene.Verdict(Peer), Said(scene)));
        Assert.InRange(scene.Logs.WithId(4132).Count(static entry => entry.Level is Microsoft.Extensions.Logging.LogLevel.Warning), 2, 14);
        Assert.StartsWith("https://www.gstatic.com: ", scene.GoogleLists.Status.LastError, StringComparison.Ordinal); // that it does not answer, where days pass at once
    }

    [Fact]
    public async Task What_fetched_lists_have_confirmed_stays_confirmed_while_they_cannot_be_fetched()
    {
        await using var scene = await StartAsync(Google, Cloud, static options => (options.MinRefreshInterval, options.MaxRefreshInterval) = (TimeSpan.FromDays(2), TimeSpan.FromDays(2)));
        Assert.Equal("Confirmed", Said(scene));
        (scene.Lists.Google, scene.Lists.Cloud) = (null, null);

        for (var day = 0; day < 10; day += 2)
        {
            await scene.NextAsync();
        }

        Assert.Equal((SupplyScene.Admitted, "Confirmed"), (scene.Verdict(Peer), Said(scene)));
    }

    [Fact]
    public async Task Fetched_lists_that_have_grown_too_old_only_doubt()
    {
        await using var scene = await StartAsync(Google, Cloud, static options => options.MaxAge = TimeSpan.FromDays(2));
        (scene.Lists.Google, scene.Lists.Cloud) = (null, null);
        scene.Clock.Advance(TimeSpan.FromDays(1.9));
        await scene.AsleepAsync();
        scene.Resolver.Answer(SupplyScene.Name, "v=spf1 ip4:34.96.0.0/20 ip4:45.0.0.0/24");
        await scene.NextAsync();
        Assert.Contains("deny", scene.Status.LastError, StringComparison.Ordinal);

        scene.Clock.Advance(TimeSpan.FromDays(0.2));
        await scene.AsleepAsync();
        await scene.NextAsync();

        Assert.Equal((SupplyScene.Admitted, "Doubted"), (scene.Verdict("45.0.0.1"), Said(scene)));
    }

    [Fact]
    public async Task A_short_life_of_the_ranges_does_not_make_the_lists_of_today_mild()
    {
        await using var scene = await StartAsync(Google, Cloud, static options => options.MaxAge = TimeSpan.FromMinutes(30));
        while (scene.GoogleLists.Status.Age(scene.Clock) <= scene.Options.MaxAge)
        {
            await scene.NextAsync();
        }

        scene.Resolver.Answer(SupplyScene.Name, "v=spf1 ip4:34.96.0.0/20 ip4:45.0.0.0/24");
        await scene.NextAsync();

        Assert.Contains("deny", scene.Status.LastError, StringComparison.Ordinal);
        Assert.Equal(SupplyScene.Refused, scene.Verdict("45.0.0.1"));
    }

    [Fact]
    public async Task A_network_that_Google_has_added_today_is_taken_with_the_next_lists()
    {
        await using var scene = await StartAsync(Google, Cloud);
        scene.Lists.Google = [.. Google, "45.0.0.0/16"];
        scene.Resolver.Answer(SupplyScene.Name, "v=spf1 ip4:34.96.0.0/20 ip4:45.0.0.0/24");
        await scene.NextAsync();
        await SupplyScene.UntilAsync(() => scene.GoogleLists.Status.Networks.Count.Google == 4);
        await scene.AsleepAsync();

        await scene.NextAsync();

        Assert.Equal((SupplyScene.Admitted, "Confirmed"), (scene.Verdict("45.0.0.1"), Said(scene)));
    }

    [Fact]
    public async Task What_fresh_lists_have_confirmed_is_not_thrown_out_by_later_ones()
    {
        await using var scene = await StartAsync(Google, Cloud);
        scene.Lists.Cloud = [.. Cloud, "34.96.0.0/16"];
        scene.Clock.Advance(scene.Clock.ArmedTimers[^1]); // no further: the lists have five seconds to come
        await SupplyScene.UntilAsync(() => scene.GoogleLists.Status.Networks.Count.Cloud == 4);
        await scene.AsleepAsync();
        await scene.NextAsync();

        Assert.Contains("34.96.0.0/20 overlaps 34.96.0.0/16, which cloud.json gives to customers", scene.Status.LastError, StringComparison.Ordinal);
        Assert.Equal((SupplyScene.Admitted, "Confirmed"), (scene.Verdict(Peer), Said(scene)));
    }

    /// <summary>Google's lists are wrong, and the origin is started anew: it has what it had.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nor_is_it_by_a_start_that_reads_it_from_the_snapshot(bool answers)
    {
        await using var before = await StartAsync(Google, Cloud);
        Assert.Equal("Confirmed", Said(before));
        await before.StopAsync();

        await using var scene = new SupplyScene(static options => (options.Corroboration, options.UseBuiltInRanges) = (CorroborationMode.On, true), before);
        (scene.Lists.Google, scene.Lists.Cloud) = (Google, [.. Cloud, "34.96.0.0/16"]);
        if (answers)
        {
            scene.Resolver.Answer(SupplyScene.Name, Text);
        }
        else
        {
            scene.Fail();
        }

        await scene.StartAsync();
        await SupplyScene.UntilAsync(() => scene.GoogleLists.Status.Networks.Count.Cloud == 4);
        await scene.AsleepAsync();
        await scene.NextAsync();

        Assert.Contains(answers ? "34.96.0.0/20 overlaps 34.96.0.0/16" : "in a bad mood", scene.Status.LastError, StringComparison.Ordinal);
        Assert.Equal((SupplyScene.Admitted, "Confirmed"), (scene.Verdict(Peer), Said(scene)));
        await scene.StopAsync();
        Assert.Contains(" confirmed\n", await File.ReadAllTextAsync(scene.SnapshotPath, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>Google has added a network since this version was built, fetched lists have confirmed it, and after a restart there is only the copy that is built in.</summary>
    [Fact]
    public async Task Nor_by_the_copy_that_is_built_in_and_does_not_know_it()
    {
        await using var before = Scene([.. Google, "45.0.0.0/16"], Cloud);
        before.Resolver.Answer(SupplyScene.Name, "v=spf1 ip4:34.96.0.0/20 ip4:45.0.0.0/24");
        await before.StartAsync();
        await before.AsleepAsync();
        Assert.Equal("Confirmed", Said(before));
        await before.StopAsync();

        await using var scene = new SupplyScene(static options => options.Corroboration = CorroborationMode.On, before);
        scene.Resolver.Answer(SupplyScene.Name, "v=spf1 ip4:34.96.0.0/20 ip4:45.0.0.0/24");
        await scene.StartAsync();
        await scene.AsleepAsync();

        Assert.Equal((SupplyScene.Admitted, "Confirmed"), (scene.Verdict("45.0.0.1"), Said(scene)));
        Assert.Empty(scene.Logs.WithId(4109));
        Assert.Empty(scene.Logs.WithId(4113));
    }

    [Theory]
    [InlineData("v=spf1 ip4:34.96.0.0/14", true)]
    [InlineData("v=spf1 ip4:34.96.0.0/20", false)]
    [InlineData("v=spf1 ip4:34.97.3.3", false)] // a Cloud NAT of one's own, in a record of one's own
    public async Task Another_record_that_names_what_Google_rents_to_customers_is_pointed_out_once(string text, bool expected)
    {
        await using var scene = new SupplyScene(static options => (options.RecordNames, options.Corroboration) = ([SupplyScene.Other], CorroborationMode.On));
        scene.Resolver.Answer(SupplyScene.Other, text);
        await scene.StartAsync();
        await SupplyScene.UntilAsync(() => scene.Status.NextAttempt is not null);
        scene.Refresher.Use(scene.Options, isOn: true);
        await SupplyScene.UntilAsync(() => scene.Resolver.Calls > 1 && scene.Status.NextAttempt is not null);

        Assert.Equal(expected, scene.Logs.WithId(4114).SingleOrDefault()?.Message.StartsWith($"{SupplyScene.Other} names 34.96.0.0/14, which holds 34.", StringComparison.Ordinal) is true);
        Assert.Equal(expected ? 1 : 0, scene.Logs.WithId(4114).Count());
        await scene.StopAsync();

        // Nor has whoever starts anew been told, also where the snapshot has it all.
        await using var next = new SupplyScene(static options => (options.RecordNames, options.Corroboration) = ([SupplyScene.Other], CorroborationMode.On), scene);
        next.Resolver.Answer(SupplyScene.Other, text);
        await next.StartAsync();
        await SupplyScene.UntilAsync(() => next.Status.NextAttempt is not null);
        Assert.Equal(expected ? 1 : 0, next.Logs.WithId(4114).Count());
    }

    [Fact]
    public async Task A_snapshot_passes_the_same_rule()
    {
        await using var before = new SupplyScene(static options => options.Corroboration = CorroborationMode.Off);
        before.Resolver.Answer(SupplyScene.Name, "v=spf1 ip4:45.0.0.0/24");
        await before.StartAsync();
        await before.AsleepAsync();
        await before.StopAsync();

        await using var scene = new SupplyScene(static options => (options.Corroboration, options.UseBuiltInRanges) = (CorroborationMode.On, true), before);
        (scene.Lists.Google, scene.Lists.Cloud) = (Google, Cloud);
        scene.Fail();
        await scene.StartAsync();
        await SupplyScene.UntilAsync(() => scene.Origin is RangeOrigin.BuiltIn && Said(scene) == "Confirmed");

        Assert.Equal((SupplyScene.Refused, SupplyScene.Admitted), (scene.Verdict("45.0.0.1"), scene.Verdict(Peer)));
        Assert.Contains("45.0.0.0/24 is not in goog.json", scene.Logs.WithId(4113).First().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SupplyScene.Other, CorroborationMode.On, false)]
    [InlineData(SupplyScene.Name, CorroborationMode.Off, false)]
    [InlineData(SupplyScene.Name, CorroborationMode.On, true)]
    public async Task Nothing_is_fetched_and_nobody_asked_for_other_records_in_labs_and_when_it_is_off(string name, CorroborationMode mode, bool isLab)
    {
        await using var scene = new SupplyScene(options => (options.RecordNames, options.Corroboration, options.AllowNonPublicNetworks) = ([name], mode, isLab));
        scene.Resolver.Answer(name, "v=spf1 ip4:45.0.0.0/24");
        await scene.StartAsync();
        await SupplyScene.UntilAsync(() => scene.Status.NextAttempt is not null);

        Assert.Equal((SupplyScene.Admitted, 0), (scene.Verdict("45.0.0.1"), scene.Lists.Fetches));
        Assert.Equal("NotAsked", scene.Ranges.Record(name)!.Corroborated.Result.ToString());
    }

    [Fact]
    public async Task A_final_dot_does_not_make_another_record_of_it()
    {
        await using var scene = Scene(Google, Cloud, static options => options.RecordNames = [$"{SupplyScene.Name}."]);
        scene.Resolver.Answer(SupplyScene.Name, "v=spf1 ip4:45.0.0.0/24");
        await scene.StartAsync();
        await scene.AsleepAsync();

        Assert.Contains("deny", scene.Status.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switched_on_while_it_runs_it_judges_what_is_in_force()
    {
        await using var scene = await StartAsync(Google, Cloud, static options => options.Corroboration = CorroborationMode.Off);
        scene.Resolver.Answer(SupplyScene.Name, "v=spf1 ip4:45.0.0.0/24");
        await scene.NextAsync();
        Assert.Equal(SupplyScene.Admitted, scene.Verdict("45.0.0.1"));

        scene.Reload(static options => options.Corroboration = CorroborationMode.On);
        await SupplyScene.UntilAsync(() => scene.Origin is RangeOrigin.None);

        Assert.Equal(SupplyScene.Undetermined, scene.Verdict("45.0.0.1"));
    }

    [Fact]
    public async Task The_lists_show_in_the_metrics()
    {
        await using var scene = await StartAsync(Google, Cloud);
        scene.Clock.Advance(TimeSpan.FromSeconds(30));

        scene.Metrics.Observe();

        Assert.Equal(30, scene.Metrics.Sum("originguard.ranges.lists.age"));
    }

    /// <summary>The lists take longer than the start waits for them: the answer comes into force unheard. They come with the signal.</summary>
    private static async Task<TaskCompletionSource> StartForgedBeforeTheListsAsync(SupplyScene scene)
    {
        var arrival = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        scene.Lists.Script = async (request, stop) =>
        {
            await arrival.Task.WaitAsync(stop);
            return ScriptedLists.Answer(ScriptedLists.Json(request.RequestUri!.AbsolutePath.EndsWith("goog.json", StringComparison.Ordinal) ? Google : Cloud));
        };
        scene.Resolver.Answer(SupplyScene.Name, "v=spf1 ip4:45.0.0.0/24");
        var start = scene.StartAsync();
        await SupplyScene.UntilAsync(() => scene.Clock.ArmedTimers.Contains(TimeSpan.FromSeconds(2)));
        scene.Clock.Advance(TimeSpan.FromSeconds(2));
        await start;
        return arrival;
    }

    private static async Task<SupplyScene> StartAsync(string[]? google, string[]? cloud, Action<SourceAddressOptions>? configure = null)
    {
        var scene = Scene(google, cloud, configure);
        scene.Resolver.Answer(SupplyScene.Name, Text);
        await scene.StartAsync();
        await SupplyScene.UntilAsync(() => Said(scene) is "Confirmed" or "NotAsked");
        await scene.AsleepAsync();
        return scene;
    }

    private static SupplyScene Scene(string[]? google, string[]? cloud, Action<SourceAddressOptions>? configure = null)
    {
        var scene = new SupplyScene(options =>
        {
            options.Corroboration = CorroborationMode.On;
            configure?.Invoke(options);
        });
        (scene.Lists.Google, scene.Lists.Cloud) = (google, cloud);
        return scene;
    }

    private static string? Said(SupplyScene scene) => scene.Ranges.Record(SupplyScene.Name)?.Corroborated.Result.ToString();

    private static Microsoft.Extensions.Diagnostics.HealthChecks.HealthCheckResult Health(SupplyScene scene) =>
        RangesHealth.Check(scene.Ranges.Snapshot, scene.Refresher.Status, scene.Refresher.Lists, scene.Clock);
}
