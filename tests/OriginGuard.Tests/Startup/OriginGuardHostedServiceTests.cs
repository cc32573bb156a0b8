using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OriginGuard.Startup;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Startup;

public sealed class OriginGuardHostedServiceTests
{
    [Fact]
    public async Task Mistakes_stand_on_a_line_each_and_not_in_the_stack_of_the_container()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync(("Mode", "Off"), ("Dns:Attempts", "99"), ("Rejection:StatusCode", "500")));

        var lines = failure.Message.Split(Environment.NewLine);
        Assert.Equal(3, lines.Length);
        Assert.All(lines, static line => Assert.Contains("OriginGuard:", line, StringComparison.Ordinal));
        Assert.All(failure.Failures, static mistake => Assert.StartsWith("OriginGuard:", mistake, StringComparison.Ordinal));
        Assert.Contains(nameof(OriginGuardHostedService), failure.StackTrace, StringComparison.Ordinal);
        Assert.DoesNotContain("DependencyInjection", failure.StackTrace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_mistake_is_one_line()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync(("Mode", "Off")));

        Assert.Equal(failure.Message, Assert.Single(failure.Failures));
        Assert.DoesNotContain(failure.Message, char.IsControl);
    }

    [Theory]
    [InlineData("SharedSecret:HeaderName", "X-Other", "OriginGuard:SharedSecret has nothing to check with; Secrets or SecretFiles is needed.")]
    [InlineData("SharedSecret:Secrets", "", "OriginGuard:SharedSecret has nothing to check with; Secrets or SecretFiles is needed.")]
    [InlineData("SharedSecret:Mode", "ReportOnly", "OriginGuard:SharedSecret has nothing to check with; Secrets or SecretFiles is needed.")]
    [InlineData("Iap:ClockSkew", "00:00:10", "OriginGuard:Iap has nothing to check with; Audiences or ProjectNumber is needed.")]
    [InlineData("Iap:Audiences", "", "OriginGuard:Iap has nothing to check with; Audiences or ProjectNumber is needed.")]
    public async Task A_section_with_nothing_to_check_with_is_a_mistake(string key, string value, string mistake)
    {
        var settings = WithoutSecret((key, value));

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => GuardedApp.StartAsync(settings));

        Assert.StartsWith(mistake, Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SharedSecret:Mode", "Disabled")]
    [InlineData("Iap:Mode", "Disabled")]
    [InlineData("Mode", "Disabled")]
    public async Task A_layer_that_is_off_needs_nothing(string key, string value)
    {
        await using var app = await GuardedApp.StartAsync(WithoutSecret(("SharedSecret:HeaderName", key.StartsWith("Iap", StringComparison.Ordinal) ? null : "X-Other"), (key, value)));

        Assert.Single(app.Logs.WithId(key == "Mode" ? 4004 : 4006));
    }

    /// <summary>The host collects what its services throw while it stops, and ends the process with it as a crash does.</summary>
    [Fact]
    public async Task A_host_that_has_no_more_time_is_told_nothing()
    {
        var resolver = new ScriptedTxtResolver().Answer("_ranges.example", "v=spf1 ip4:34.96.0.0/20 ~all");
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Settings(("SourceAddress:RecordNames:0", "_ranges.example")), services => services.AddSingleton<ITxtResolver>(resolver));
        var service = app.Services.GetServices<IHostedService>().OfType<OriginGuardHostedService>().Single();

        await service.StoppedAsync(new CancellationToken(canceled: true));
    }

    [Fact]
    public async Task A_reload_that_leaves_a_section_with_nothing_is_refused()
    {
        await using var app = await GuardedApp.StartAsync();

        app.Reload(("Iap:ClockSkew", "00:00:10"));

        Assert.Contains("OriginGuard:Iap has nothing to check with", Assert.Single(app.Logs.WithId(4002)).Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> WithoutSecret(params (string Key, string? Value)[] more)
    {
        var settings = GuardedApp.Settings();
        settings.Remove("OriginGuard:SharedSecret:Secrets:0");
        foreach (var (key, value) in more.Where(static setting => setting.Value is not null))
        {
            settings[$"OriginGuard:{key}"] = value;
        }

        return settings;
    }
}
