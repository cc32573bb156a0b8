using System.Collections;
using System.ComponentModel;
using System.Net;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OriginGuard.Guard;
using OriginGuard.Learning;
using OriginGuard.Ranges;
using OriginGuard.TestKit;
using OriginGuard.Tests.Diagnostics;
using OriginGuard.Tests.Ranges;
using Xunit;

namespace OriginGuard.Tests.Configuration;

public sealed class ReloadTests : IDisposable
{
    private const string Record = "_ranges.example";
    private const string Next = "the-secret-that-comes-next-0001";
    private const string Revoking = "the-secret-that-revokes-one-0001";

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"originguard-{Guid.NewGuid():N}");

    [Fact]
    public async Task A_reload_of_something_else_asks_no_dns_says_nothing_and_lets_learning_go_on()
    {
        var resolver = new ScriptedTxtResolver().Answer(Record, "v=spf1 ip4:34.96.0.0/20 -all");
        var settings = GuardedApp.Settings(("SourceAddress:RecordNames", null), ("SourceAddress:RecordNames:0", Record), ("Mode", "ReportOnly"));
        settings.Remove("OriginGuard:SourceAddress:RecordNames");
        await using var app = await GuardedApp.StartAsync(settings, services => services.AddSingleton<ITxtResolver>(resolver));
        var refresher = app.Services.GetRequiredService<RangeRefresher>();
        await SupplyScene.UntilAsync(() => SupplyScene.SleepOf(refresher, app.Clock) is not null);
        await app.SendAsync(GuardedApp.Stranger);
        var (plan, questions, lines) = (Plan(app), resolver.Calls, Lines(app));

        var root = (IConfigurationRoot)app.Services.GetRequiredService<IConfiguration>();
        for (var i = 0; i < 20; i++)
        {
            root["Unrelated"] = $"{i}";
            root.Reload();
        }

        await app.SendAsync(GuardedApp.Stranger);
        Assert.Same(plan, Plan(app));
        Assert.Equal((questions, lines, 2L), (resolver.Calls, Lines(app), app.Services.GetRequiredService<Observations>().Read(plan.Options)?.Requests));
        Assert.NotNull(SupplyScene.SleepOf(refresher, app.Clock));

        // What concerns the guard and not the records is no reason to ask either: the next question comes when it is due. What concerns them is.
        for (var status = 404; status < 424; status++)
        {
            app.Reload(("Rejection:StatusCode", $"{status}"));
        }

        app.Clock.Advance(SupplyScene.SleepOf(refresher, app.Clock) ?? TimeSpan.Zero);
        await SupplyScene.UntilAsync(() => resolver.Calls > questions && SupplyScene.SleepOf(refresher, app.Clock) is not null);
        Assert.Equal((questions + 1, app.Clock.GetUtcNow()), (resolver.Calls, refresher.Status.Single().LastAttempt));
        app.Reload(("SourceAddress:MaxAge", "1.00:00:00"));
        await SupplyScene.UntilAsync(() => resolver.Calls == questions + 2);
    }

    [Fact]
    public async Task The_line_about_a_change_names_the_keys_and_never_a_value()
    {
        await using var app = await GuardedApp.StartAsync();

        app.Reload(("SharedSecret:Secrets:0", Next), ("SourceAddress:Networks:0", "203.0.113.0/24"), ("Rejection:StatusCode", "404"));

        Assert.Equal(
            "The changed configuration is in force. Changed: OriginGuard:SourceAddress:Networks, OriginGuard:SharedSecret:Secrets, OriginGuard:Rejection:StatusCode.",
            Assert.Single(app.Logs.WithId(4001)).Message);
    }

    [Fact]
    public void Every_setting_counts_as_a_change_and_has_its_name()
    {
        var names = Sections.All.Values(new OriginGuardOptions()).Select(static setting => setting.Key).ToList();
        List<string> found = [];
        foreach (var (key, change) in Changes(new OriginGuardOptions(), "OriginGuard"))
        {
            var changed = new OriginGuardOptions();
            change(changed);
            Assert.Equal([key], Sections.All.Differences(new OriginGuardOptions(), changed));
            found.Add(key);
        }

        Assert.Equal(found.Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_throws_while_a_plan_is_made_leaves_the_old_one_whole_in_force()
    {
        await File.WriteAllTextAsync(_file, GuardedApp.PreviousSecret, TestContext.Current.CancellationToken);
        await using var app = await GuardedApp.StartAsync(("SharedSecret:SecretFiles:0", _file));
        var (plan, settings) = (Plan(app), app.Services.GetRequiredService<GuardPlans>());
        var options = new OriginGuardOptions
        {
            SourceAddress = { RecordNames = [], Networks = [IPNetwork.Parse("203.0.113.0/24")] },
            SharedSecret = { Secrets = [Next] },
            Iap = { Audiences = ["/projects/1/global/backendServices/2"], KeysUri = new Uri("http://127.0.0.1:1/keys") },

            // No options come this far without a validator; a mistake in the guard itself would look like it.
            Exemptions = [null!],
        };

        Assert.ThrowsAny<Exception>(() => settings.Prepare(options));

        Assert.Same(plan, Plan(app));
        Assert.Equal((200, 403), (await StatusAsync(app, GuardedApp.LoadBalancer, GuardedApp.Secret), await StatusAsync(app, GuardedApp.Stranger, GuardedApp.Secret)));
        Assert.Equal(403, await StatusAsync(app, GuardedApp.LoadBalancer, Next));

        // The secret files are read again and again: those of the plan in force, and the half-made plan does not come in by that door.
        await File.WriteAllTextAsync(_file, Revoking, TestContext.Current.CancellationToken);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((200, 200), (await StatusAsync(app, GuardedApp.LoadBalancer, GuardedApp.Secret), await StatusAsync(app, GuardedApp.LoadBalancer, Revoking)));
        Assert.Equal((403, 403), (await StatusAsync(app, GuardedApp.LoadBalancer, GuardedApp.PreviousSecret), await StatusAsync(app, GuardedApp.LoadBalancer, Next)));
    }

    [Fact]
    public async Task A_reading_that_throws_leaves_everything_in_force_and_says_so()
    {
        var isBroken = false;
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), services => services.PostConfigure<OriginGuardOptions>(options =>
            options.Rejection.StatusCode = isBroken ? throw new InvalidOperationException("a mistake of the application's own") : 404));
        var plan = Plan(app);

        isBroken = true;
        app.Reload(("SourceAddress:Networks:0", "203.0.113.0/24"));

        Assert.Same(plan, Plan(app));
        Assert.Equal(404, await StatusAsync(app, GuardedApp.Stranger, GuardedApp.Secret));
        Assert.IsType<InvalidOperationException>(Assert.Single(app.Logs.WithId(4003)).Exception);

        isBroken = false;
        app.Reload();
        Assert.Equal(200, await StatusAsync(app, GuardedApp.Stranger, GuardedApp.Secret));
    }

    [Fact]
    public async Task The_keys_of_a_layer_that_a_word_took_off_are_not_fetched_any_more()
    {
        await using var app = await DiagnosedApp.StartAsync();
        await SupplyScene.UntilAsync(() => app.App.Clock.ArmedTimers.Any(static sleep => sleep > TimeSpan.FromMinutes(10)));

        app.App.Reload(("Rejection:StatusCode", "404"));
        Assert.Contains(app.App.Clock.ArmedTimers, static sleep => sleep > TimeSpan.FromMinutes(10));
        app.App.Reload(("Iap:Mode", "Disabled"));

        await SupplyScene.UntilAsync(() => app.App.Clock.ArmedTimers.All(static sleep => sleep <= TimeSpan.FromMinutes(10)));
        Assert.False(Plan(app.App).Iap.IsOn);
    }

    [Fact]
    public async Task A_step_that_fails_behind_the_change_keeps_no_other_from_its_work_and_nobody_says_that_the_old_is_in_force()
    {
        await using var app = await GuardedApp.StartAsync();
        var seen = 0;
        app.Services.GetRequiredService<GuardPlans>().Then(
            new("a test", static (_, _) => throw new InvalidOperationException("not today")), new("another", (before, now) => seen += ReferenceEquals(before, now) ? 0 : 1));

        app.Reload(("SourceAddress:Networks:0", "203.0.113.0/24"));

        Assert.Equal((200, 1), (await StatusAsync(app, GuardedApp.Stranger, GuardedApp.Secret), seen));
        Assert.Equal(LogLevel.Error, Assert.Single(app.Logs.WithId(4015)).Level);
        Assert.Contains("a test", app.Logs.WithId(4015).Single().Message, StringComparison.Ordinal);
        Assert.Single(app.Logs.WithId(4001));
        Assert.Empty(app.Logs.WithId(4003));
    }

    [Fact]
    public async Task A_record_admits_by_the_limits_of_the_new_configuration_before_it_has_been_asked_again()
    {
        using var gate = new SemaphoreSlim(0);
        var resolver = new ScriptedTxtResolver().Answer(Record, "v=spf1 ip4:34.0.0.0/8 -all");
        var settings = GuardedApp.Settings(("SourceAddress:RecordNames:0", Record));
        settings.Remove("OriginGuard:SourceAddress:RecordNames");
        settings.Remove("OriginGuard:SourceAddress:Networks:0");
        settings.Remove("OriginGuard:SourceAddress:Networks:1");
        await using var app = await GuardedApp.StartAsync(settings, services => services.AddSingleton<ITxtResolver>(resolver));
        Assert.Equal(200, await StatusAsync(app, GuardedApp.LoadBalancer, GuardedApp.Secret));

        resolver.Gate = (_, cancellationToken) => gate.WaitAsync(cancellationToken);
        app.Reload(("SourceAddress:MinPrefixLengthV4", "9"));
        Assert.Equal(503, await StatusAsync(app, GuardedApp.LoadBalancer, GuardedApp.Secret));

        app.Reload(("SourceAddress:MinPrefixLengthV4", "8"));
        Assert.Equal(200, await StatusAsync(app, GuardedApp.LoadBalancer, GuardedApp.Secret));
        resolver.Gate = null;
    }

    public void Dispose() => File.Delete(_file);

    private static GuardPlan Plan(GuardedApp app) => app.Services.GetRequiredService<GuardPlans>().Current;

    private static int Lines(GuardedApp app) => app.Logs.Entries.Count(static entry => entry.Category.StartsWith("OriginGuard", StringComparison.Ordinal) && entry.Level >= LogLevel.Information);

    private static async Task<int> StatusAsync(GuardedApp app, IPAddress peer, string secret) =>
        (await app.SendAsync(peer, request => request.Headers["X-Origin-Guard"] = secret)).Response.StatusCode;

    /// <summary>Each public setting, by reflection, with something that changes it.</summary>
    private static IEnumerable<(string Key, Action<OriginGuardOptions> Change)> Changes(object options, string key, Func<OriginGuardOptions, object>? reach = null)
    {
        foreach (var property in options.GetType().GetProperties().Where(static property => property.GetCustomAttribute<EditorBrowsableAttribute>() is null))
        {
            var value = property.GetValue(options);
            var reached = reach ?? (static root => root);
            if (property.PropertyType.Namespace == nameof(OriginGuard) && property.PropertyType.IsClass && value is not null && value is not IEnumerable)
            {
                foreach (var below in Changes(value, $"{key}:{property.Name}", root => property.GetValue(reached(root))!))
                {
                    yield return below;
                }
            }
            else
            {
                yield return ($"{key}:{property.Name}", root => property.SetValue(reached(root), Other(property.PropertyType, value)));
            }
        }
    }

    private static object Other(Type type, object? value) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        { IsEnum: true } found => Enum.GetValues(found).Cast<object>().Last(),
        var found when found == typeof(bool) => value is not true,
        var found when found == typeof(int) => 29,
        var found when found == typeof(TimeSpan) => TimeSpan.FromMinutes(3),
        var found when found == typeof(string) => "other",
        var found when found == typeof(Uri) => new Uri("https://other.example/"),
        var found when found == typeof(string[]) => new[] { "other" },
        var found when found == typeof(IPNetwork[]) => new[] { IPNetwork.Parse("192.0.2.0/24") },
        var found when found == typeof(ExemptionOptions[]) => new[] { new ExemptionOptions { Path = "/other" } },
        var found => throw new NotSupportedException($"How does a {found} change?"),
    };
}
