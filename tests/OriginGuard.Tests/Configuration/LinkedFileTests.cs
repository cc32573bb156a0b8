using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Configuration;

/// <summary>A ConfigMap as the kubelet mounts it: a file is a link into <c>..data</c>, a link to a folder, and a change turns that link.</summary>
public sealed class LinkedFileTests : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    private readonly string _folder = Directory.CreateTempSubdirectory("originguard-").FullName;

    public LinkedFileTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows, and there is no kubelet.");

    private string Mounted => Path.Combine(_folder, "appsettings.json");

    [Fact]
    public async Task A_mounted_file_is_read_again_within_seconds()
    {
        Mount(Settings("Enforce"));
        await using var app = await StartAsync();
        Assert.Equal(403, (await app.SendAsync(GuardedApp.Stranger)).Response.StatusCode);

        Mount(Settings("ReportOnly"));
        app.Clock.Advance(Poll);

        Assert.Equal(200, (await app.SendAsync(GuardedApp.Stranger)).Response.StatusCode);
        Assert.Contains("OriginGuard:Mode", Assert.Single(app.Logs.WithId(4001)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mounted_file_that_is_broken_changes_nothing_and_is_said_once()
    {
        Mount(Settings("Enforce"));
        await using var app = await StartAsync();

        Mount("{ \"OriginGuard\": { ,");
        app.Clock.Advance(4 * Poll);

        Assert.Equal(403, (await app.SendAsync(GuardedApp.Stranger)).Response.StatusCode);
        Assert.Contains(Mounted, Assert.Single(app.Logs.WithId(4002)).Message, StringComparison.Ordinal);

        Mount(Settings("ReportOnly"));
        app.Clock.Advance(Poll);
        Assert.Equal(200, (await app.SendAsync(GuardedApp.Stranger)).Response.StatusCode);
    }

    [Fact]
    public async Task What_changed_while_the_application_started_is_in_force_with_the_first_look()
    {
        Mount(Settings("Enforce"));
        await using var app = await StartAsync(services: _ => Mount(Settings("ReportOnly")));
        Assert.Equal(403, (await app.SendAsync(GuardedApp.Stranger)).Response.StatusCode);

        app.Clock.Advance(Poll);

        Assert.Equal(200, (await app.SendAsync(GuardedApp.Stranger)).Response.StatusCode);
        Assert.Single(app.Logs.WithId(4001));
    }

    [Fact]
    public async Task Options_of_the_application_s_own_that_do_not_validate_do_not_end_the_process()
    {
        Mount(Settings("Enforce"));
        await using var app = await StartAsync(services: static services => services.AddOptions<HostOptions>().BindConfiguration("OriginGuard")
            .Configure<IConfiguration>(static (options, settings) => options.ServicesStartConcurrently = settings["OriginGuard:Mode"] == "ReportOnly")
            .Validate(static options => !options.ServicesStartConcurrently));
        var theirs = app.Services.GetRequiredService<IOptionsMonitor<HostOptions>>();
        _ = theirs.CurrentValue;

        Mount(Settings("ReportOnly"));
        app.Clock.Advance(Poll);

        Assert.Throws<OptionsValidationException>(() => theirs.CurrentValue);
        Assert.Equal(200, (await app.SendAsync(GuardedApp.Stranger)).Response.StatusCode);
    }

    [Fact]
    public async Task A_mount_that_is_away_for_a_moment_changes_nothing()
    {
        Mount(Settings("ReportOnly"));
        await using var app = await StartAsync();

        File.Delete(Path.Combine(_folder, "..data"));
        app.Clock.Advance(Poll);
        Assert.Equal(200, (await app.SendAsync(GuardedApp.Stranger)).Response.StatusCode);

        Mount(Settings("Enforce"));
        app.Clock.Advance(Poll);
        Assert.Equal(403, (await app.SendAsync(GuardedApp.Stranger)).Response.StatusCode);
    }

    /// <summary>At a process's limit of open files, while connections flood in, or while the mount is away for the blink of an eye.</summary>
    [Fact]
    public async Task A_change_that_could_not_be_opened_is_tried_again()
    {
        Mount(Settings("ReportOnly"));
        using var files = new ReluctantFiles(_folder);
        await using var app = await GuardedApp.StartAsync(
            new Dictionary<string, string?>(), sources: configuration => configuration.AddJsonFile(files, "appsettings.json", optional: false, reloadOnChange: true));
        app.Clock.Advance(Poll);

        Mount(Settings("Enforce"));
        files.IsReluctant = true;
        app.Clock.Advance(Poll);
        Assert.Equal(200, (await app.SendAsync(GuardedApp.Stranger)).Response.StatusCode);

        files.IsReluctant = false;
        app.Clock.Advance(Poll);
        Assert.Equal(403, (await app.SendAsync(GuardedApp.Stranger)).Response.StatusCode);
    }

    /// <summary>An optional file of overrides, which the operator mounts for the first time at night: the framework sees it come, and no change after that.</summary>
    [Fact]
    public async Task A_file_that_was_not_there_at_the_start_is_read_again_too()
    {
        using var files = new ReluctantFiles(_folder);
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Settings(), sources: configuration => configuration.AddJsonFile(files, "appsettings.json", optional: true, reloadOnChange: true));

        foreach (var (mode, status) in new[] { ("ReportOnly", 200), ("Enforce", 403), ("ReportOnly", 200) })
        {
            Mount(Settings(mode));
            app.Clock.Advance(Poll);
            Assert.Equal(status, (await app.SendAsync(GuardedApp.Stranger)).Response.StatusCode);
        }
    }

    /// <summary>The kubelet brings the ConfigMap first, and a minute later the secret that it names.</summary>
    [Fact]
    public async Task A_refused_configuration_is_tried_again_until_what_it_lacks_is_there()
    {
        Mount(Settings("Enforce"));
        await using var app = await StartAsync();
        var secret = Path.Combine(_folder, "secret");

        Mount(Settings("Enforce").Replace("\"Secrets\"", $"\"SecretFiles\": [ \"{secret}\" ], \"Secrets\"", StringComparison.Ordinal));
        app.Clock.Advance(3 * Poll);
        Assert.Contains("OriginGuard:SharedSecret:SecretFiles:0", Assert.Single(app.Logs.WithId(4002)).Message, StringComparison.Ordinal);

        await File.WriteAllTextAsync(secret, GuardedApp.PreviousSecret, TestContext.Current.CancellationToken);
        app.Clock.Advance(Poll);

        Assert.Contains("OriginGuard:SharedSecret:SecretFiles", Assert.Single(app.Logs.WithId(4001)).Message, StringComparison.Ordinal);
        var context = await app.SendAsync(GuardedApp.LoadBalancer, static request => request.Headers["X-Origin-Guard"] = GuardedApp.PreviousSecret);
        Assert.Equal(200, context.Response.StatusCode);
    }

    [Fact]
    public async Task Nobody_looks_where_no_reload_was_asked_for()
    {
        Mount(Settings("Enforce"));
        await using var still = await StartAsync(reloadOnChange: false);
        Mount(Settings("ReportOnly"));
        still.Clock.Advance(4 * Poll);
        Assert.Equal(403, (await still.SendAsync(GuardedApp.Stranger)).Response.StatusCode);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Settings(string mode) =>
        $$"""{ "OriginGuard": { "Mode": "{{mode}}", "SourceAddress": { "RecordNames": [], "Networks": [ "34.96.0.0/20" ] }, "SharedSecret": { "Secrets": [ "{{GuardedApp.Secret}}" ] } } }""";

    private Task<GuardedApp> StartAsync(bool reloadOnChange = true, Action<IServiceCollection>? services = null) => GuardedApp.StartAsync(
        new Dictionary<string, string?>(), services, sources: configuration => configuration.AddJsonFile(Mounted, optional: false, reloadOnChange));

    private void Mount(string content)
    {
        var version = $"..{Guid.NewGuid():N}";
        Directory.CreateDirectory(Path.Combine(_folder, version));
        File.WriteAllText(Path.Combine(_folder, version, "appsettings.json"), content);
        var link = Path.Combine(_folder, "..data");
        File.Delete(link);
        Directory.CreateSymbolicLink(link, version);
        if (!File.Exists(Mounted))
        {
            File.CreateSymbolicLink(Mounted, Path.Combine("..data", "appsettings.json"));
        }
    }
}
