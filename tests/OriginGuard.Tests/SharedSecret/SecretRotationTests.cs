using Microsoft.Extensions.Logging;
using OriginGuard.SharedSecret;
using OriginGuard.TestKit;
using OriginGuard.Tests.Ranges;
using Xunit;

namespace OriginGuard.Tests.SharedSecret;

public sealed class SecretRotationTests : IDisposable
{
    private const string Next = "the-secret-that-comes-next-0001";

    private static readonly TimeSpan InForceWithin = TimeSpan.FromSeconds(15);

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"originguard-{Guid.NewGuid():N}");

    [Fact]
    public async Task Both_secrets_admit_during_a_rotation_and_the_metrics_tell_which()
    {
        await using var app = await GuardedApp.StartAsync(("SharedSecret:Secrets:1", GuardedApp.PreviousSecret));

        Assert.Equal(200, await StatusWith(app, GuardedApp.Secret));
        Assert.Equal(200, await StatusWith(app, GuardedApp.PreviousSecret));
        Assert.Equal(1, app.Metrics.Sum("originguard.shared_secret.matches", ("originguard.slot", 0)));
        Assert.Equal(1, app.Metrics.Sum("originguard.shared_secret.matches", ("originguard.slot", 1)));
    }

    [Fact]
    public async Task A_rotation_by_reload_needs_no_restart()
    {
        await using var app = await GuardedApp.StartAsync();

        app.Reload(("SharedSecret:Secrets:0", Next), ("SharedSecret:Secrets:1", GuardedApp.Secret));
        Assert.Equal((200, 200), (await StatusWith(app, Next), await StatusWith(app, GuardedApp.Secret)));

        app.Reload(("SharedSecret:Secrets:1", Next));
        Assert.Equal((200, 403), (await StatusWith(app, Next), await StatusWith(app, GuardedApp.Secret)));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("")]
    public async Task A_file_holds_a_secret_and_its_final_line_break_does_not_count(string lineBreak)
    {
        await File.WriteAllTextAsync(_file, GuardedApp.Secret + lineBreak, TestContext.Current.CancellationToken);
        await using var app = await StartWithFileAsync();

        Assert.Equal(200, await StatusWith(app, GuardedApp.Secret));
    }

    [Fact]
    public async Task A_changed_file_is_in_force_within_fifteen_seconds()
    {
        await File.WriteAllTextAsync(_file, GuardedApp.Secret, TestContext.Current.CancellationToken);
        await using var app = await StartWithFileAsync();

        await File.WriteAllTextAsync(_file, Next, TestContext.Current.CancellationToken);
        app.Clock.Advance(InForceWithin);

        Assert.Equal((200, 403), (await StatusWith(app, Next), await StatusWith(app, GuardedApp.Secret)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("two lines are\nnot one secret")]
    public async Task A_file_that_becomes_invalid_leaves_its_old_value_in_force_and_is_logged_once(string content)
    {
        await File.WriteAllTextAsync(_file, GuardedApp.Secret, TestContext.Current.CancellationToken);
        await using var app = await StartWithFileAsync();

        await File.WriteAllTextAsync(_file, content, TestContext.Current.CancellationToken);
        app.Clock.Advance(4 * InForceWithin);

        Assert.Equal(200, await StatusWith(app, GuardedApp.Secret));
        var warning = Assert.Single(app.Logs.WithId(4202));
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Contains(_file, warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_disappears_leaves_its_old_value_in_force_and_comes_back()
    {
        await File.WriteAllTextAsync(_file, GuardedApp.Secret, TestContext.Current.CancellationToken);
        await using var app = await StartWithFileAsync();

        File.Delete(_file);
        app.Clock.Advance(InForceWithin);
        Assert.Equal(200, await StatusWith(app, GuardedApp.Secret));

        // Even a reload for another reason does not trip over the missing file.
        app.Reload(("Rejection:StatusCode", "404"));
        Assert.Equal((200, 404), (await StatusWith(app, GuardedApp.Secret), await StatusWith(app, "wrong")));

        await File.WriteAllTextAsync(_file, Next, TestContext.Current.CancellationToken);
        app.Clock.Advance(InForceWithin);
        Assert.Equal((200, 404), (await StatusWith(app, Next), await StatusWith(app, GuardedApp.Secret)));
    }

    [Fact]
    public async Task A_file_that_was_taken_out_of_the_configuration_does_not_bring_its_value_back()
    {
        await File.WriteAllTextAsync(_file, Next, TestContext.Current.CancellationToken);
        await using var app = await GuardedApp.StartAsync(("SharedSecret:SecretFiles:0", _file));
        Assert.Equal(200, await StatusWith(app, Next));

        var other = _file + "-other";
        await File.WriteAllTextAsync(other, GuardedApp.PreviousSecret, TestContext.Current.CancellationToken);
        app.Reload(("SharedSecret:SecretFiles:0", other));
        File.Delete(other);
        Assert.Equal(403, await StatusWith(app, Next));

        // Named again without its content, it is a mistake like any other missing file.
        File.Delete(_file);
        app.Reload(("SharedSecret:SecretFiles:0", _file));
        Assert.Equal((403, 200), (await StatusWith(app, Next), await StatusWith(app, GuardedApp.Secret)));
    }

    [Fact]
    public async Task Nor_does_a_file_that_only_a_refused_configuration_had_named()
    {
        await File.WriteAllTextAsync(_file, Next, TestContext.Current.CancellationToken);
        await using var app = await GuardedApp.StartAsync();
        app.Reload(("SharedSecret:SecretFiles:0", _file), ("Rejection:StatusCode", "200"));
        Assert.Equal(403, await StatusWith(app, Next));

        File.Delete(_file);
        app.Clock.Advance(InForceWithin);
        app.Reload(("Rejection:StatusCode", "403"));

        Assert.Equal((403, 200), (await StatusWith(app, Next), await StatusWith(app, GuardedApp.Secret)));
        Assert.Contains("does not exist", app.Logs.WithId(4002).Last().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_hangs_is_asked_once_and_the_secrets_in_force_go_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no named pipe in the file system of Windows.");
        await File.WriteAllTextAsync(_file, GuardedApp.Secret, TestContext.Current.CancellationToken);
        await using var app = await StartWithFileAsync();

        File.Delete(_file);
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", _file))
        {
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        // A reader of a pipe waits until somebody writes into it.
        var turns = Task.Run(() => app.Clock.Advance(InForceWithin), TestContext.Current.CancellationToken);
        try
        {
            await SupplyScene.UntilAsync(() => app.Clock.ArmedTimers.Contains(SecretFile.Patience));
            Assert.Equal(200, await StatusWith(app, GuardedApp.Secret));
            app.Clock.Advance(4 * InForceWithin);
            await turns;
            Assert.Equal(200, await StatusWith(app, GuardedApp.Secret));
            Assert.Contains("has not answered within 2 s", Assert.Single(app.Logs.WithId(4202)).Message, StringComparison.Ordinal);
        }
        finally
        {
            await using var pipe = new FileStream(_file, FileMode.Open, FileAccess.Write);
        }
    }

    public void Dispose() => File.Delete(_file);

    private Task<GuardedApp> StartWithFileAsync()
    {
        var settings = GuardedApp.Settings(("SharedSecret:SecretFiles:0", _file));
        settings.Remove("OriginGuard:SharedSecret:Secrets:0");
        return GuardedApp.StartAsync(settings);
    }

    private static async Task<int> StatusWith(GuardedApp app, string secret) =>
        (await app.SendAsync(GuardedApp.LoadBalancer, request => request.Headers["X-Origin-Guard"] = secret)).Response.StatusCode;
}
