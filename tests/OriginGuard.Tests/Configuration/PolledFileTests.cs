using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;
using OriginGuard.Configuration;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Configuration;

/// <summary>A plain file: the framework's own to read, and looked at for what it misses.</summary>
public sealed class PolledFileTests : IDisposable
{
    private const string Broken = "{ \"OriginGuard\": { ,";

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();
    private readonly ReluctantFiles _files;
    private int _loads;

    public PolledFileTests() => _files = new ReluctantFiles(_folder.Path);

    [Fact]
    public async Task What_the_framework_reads_is_not_read_again()
    {
        await using var app = await StartAsync("Enforce");
        app.Clock.Advance(Poll);

        foreach (var (mode, status) in new[] { ("ReportOnly", 200), ("Enforce", 403) })
        {
            await WriteAsync(mode);
            _files.Report();
            Assert.Equal(status, await StatusAsync(app));
        }

        app.Clock.Advance(3 * Poll);
        Assert.Equal(2, _loads);
    }

    /// <summary>On a network file system, or when the framework could not open the file at the moment of its change, and nobody was told.</summary>
    [Fact]
    public async Task What_nobody_reports_is_read_by_the_turn_after_the_next()
    {
        await using var app = await StartAsync("Enforce");
        app.Clock.Advance(Poll);

        await WriteAsync("ReportOnly");
        app.Clock.Advance(Poll);
        Assert.Equal(403, await StatusAsync(app)); // the framework may be about to read it
        app.Clock.Advance(Poll);

        Assert.Equal(200, await StatusAsync(app));
        app.Clock.Advance(3 * Poll);
        Assert.Equal(1, _loads);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task It_is_said_while_it_cannot_be_opened_and_read_when_it_can(int turnsBefore)
    {
        await using var app = await StartAsync("Enforce");
        app.Clock.Advance(turnsBefore * Poll);

        await WriteAsync("ReportOnly");
        _files.IsReluctant = true;
        _files.Report();
        app.Clock.Advance(3 * Poll);

        Assert.Equal(403, await StatusAsync(app));
        Assert.Contains("The file appsettings.json cannot be read (it cannot be opened: IOException). Mend it.", Assert.Single(app.Logs.WithId(4002)).Message, StringComparison.Ordinal);

        _files.IsReluctant = false;
        app.Clock.Advance(Poll);
        Assert.Equal(200, await StatusAsync(app));
        Assert.Single(app.Logs.WithId(4001));
        Assert.Single(app.Logs.WithId(4002));
    }

    [Fact]
    public async Task Broken_and_mended_while_it_cannot_be_opened_it_is_read_when_it_can()
    {
        await using var app = await StartAsync("Enforce");
        app.Clock.Advance(Poll);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "appsettings.json"), Broken, TestContext.Current.CancellationToken);
        _files.Report();
        Assert.Contains("no JSON in line 1", Assert.Single(app.Logs.WithId(4002)).Message, StringComparison.Ordinal);

        await WriteAsync("ReportOnly");
        _files.IsReluctant = true;
        _files.Report();
        app.Clock.Advance(Poll);
        _files.IsReluctant = false;
        app.Clock.Advance(Poll);

        Assert.Equal(200, await StatusAsync(app));
    }

    /// <summary>Out of a timer it would end the process.</summary>
    [Fact]
    public async Task A_source_that_throws_whenever_it_is_asked_ends_nothing()
    {
        var moody = new MoodySource();
        await using var app = await StartAsync("Enforce", moody);
        app.Clock.Advance(Poll);

        moody.IsMoody = true;
        Assert.ThrowsAny<Exception>(() => app.Reload());
        await WriteAsync("ReportOnly");
        app.Clock.Advance(3 * Poll);
        Assert.Equal(403, await StatusAsync(app));

        moody.IsMoody = false;
        app.Clock.Advance(2 * Poll);
        Assert.Equal(200, await StatusAsync(app));
    }

    /// <summary>A provider of files of the application's own: a blob store, say.</summary>
    [Fact]
    public async Task A_provider_of_files_that_throws_what_it_likes_ends_nothing()
    {
        await using var app = await StartAsync("Enforce");
        app.Clock.Advance(Poll);

        await WriteAsync("ReportOnly");
        (_files.IsReluctant, _files.Failure) = (true, new InvalidOperationException("No connection to the store"));
        app.Clock.Advance(3 * Poll);
        Assert.Equal(403, await StatusAsync(app));

        _files.IsReluctant = false;
        app.Clock.Advance(2 * Poll);
        Assert.Equal(200, await StatusAsync(app));
    }

    /// <summary>It can be looked at, and not be read the moment after: too many files are open, say.</summary>
    [Fact]
    public async Task A_file_that_cannot_be_opened_when_it_is_read_is_read_by_the_next_turn()
    {
        await using var app = await StartAsync("Enforce");
        app.Clock.Advance(Poll);
        await WriteAsync("ReportOnly");
        app.Clock.Advance(Poll);

        _files.Patience = 1;
        app.Clock.Advance(Poll);
        Assert.Equal(403, await StatusAsync(app));
        _files.Patience = int.MaxValue;
        app.Clock.Advance(Poll);

        Assert.Equal(200, await StatusAsync(app));
    }

    [Fact]
    public async Task A_file_that_lies_on_no_disk_any_more_is_the_framework_s_alone()
    {
        await using var app = await StartAsync("Enforce");
        app.Clock.Advance(Poll);

        await WriteAsync("ReportOnly");
        _files.IsNowhere = true;
        app.Clock.Advance(3 * Poll);

        Assert.Equal((403, 0), (await StatusAsync(app), _loads));
        Assert.Empty(app.Logs.WithId(4002));
    }

    [Fact]
    public async Task A_file_that_hangs_holds_one_turn_and_the_next_ones_pass_it_by()
    {
        await using var app = await StartAsync("Enforce");
        app.Clock.Advance(Poll);
        using var hangs = new SemaphoreSlim(0);
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var openings = 0;
        _files.Opening = () =>
        {
            Interlocked.Increment(ref openings);
            opened.TrySetResult();
            hangs.Wait();
        };
        await WriteAsync("ReportOnly");
        var turn = Task.Run(() => app.Clock.Advance(Poll), TestContext.Current.CancellationToken);
        await opened.Task;

        app.Clock.Advance(3 * Poll);
        Assert.Equal(1, openings);

        _files.Opening = static () => { };
        hangs.Release();
        await turn;
        app.Clock.Advance(2 * Poll);
        Assert.Equal(200, await StatusAsync(app));
    }

    [Fact]
    public async Task A_file_that_nobody_could_look_at_when_the_application_started_is_looked_at_later()
    {
        await WriteAsync("Enforce");
        using var world = new World(_files);
        (_files.IsReluctant, _files.Failure) = (true, new InvalidOperationException("No connection to the store"));
        world.Polled.Watch(static () => { });

        world.Clock.Advance(Poll);
        Assert.Contains("it cannot be opened: InvalidOperationException", Assert.Single(world.Broken.Sentences), StringComparison.Ordinal);
        await WriteAsync("ReportOnly");
        _files.IsReluctant = false;
        world.Clock.Advance(2 * Poll);

        Assert.Empty(world.Broken.Sentences);
        Assert.Equal("ReportOnly", world.Root["OriginGuard:Mode"]);
    }

    /// <summary>Out of a timer it would end the process.</summary>
    [Fact]
    public async Task What_is_told_of_a_turn_may_throw()
    {
        await WriteAsync("Enforce");
        using var world = new World(_files);
        var told = 0;
        world.Polled.Watch(() => throw new InvalidOperationException($"{++told}"));

        world.Clock.Advance(3 * Poll);

        Assert.Equal(3, told);
    }

    [Fact]
    public void A_source_without_a_file_has_no_path() => Assert.Null(FileProviders.PathOf(new JsonConfigurationProvider(new JsonConfigurationSource())));

    /// <summary>What was about to be read here is again what it was.</summary>
    [Fact]
    public async Task A_change_that_is_taken_back_is_none()
    {
        await using var app = await StartAsync("Enforce");
        await WriteAsync("ReportOnly");
        app.Clock.Advance(Poll);
        await WriteAsync("Enforce");
        app.Clock.Advance(3 * Poll);

        Assert.Equal((403, 0), (await StatusAsync(app), _loads));
    }

    /// <summary>As a tool hands over what may be read once: whoever opens it a second time waits for a writer that never comes.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_is_a_pipe_is_read_by_the_framework_alone(bool isLinked)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no mkfifo here.");
        var (pipe, link) = (Path.Combine(_folder.Path, "pipe"), Path.Combine(_folder.Path, "link"));
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", pipe))
        {
            await mkfifo.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        File.CreateSymbolicLink(link, pipe);
        var writer = Task.Run(() => File.WriteAllText(pipe, TextOf("ReportOnly")), TestContext.Current.CancellationToken);
        await using var app = await GuardedApp.StartAsync(
            new Dictionary<string, string?>(), sources: configuration => configuration.AddJsonFile(isLinked ? link : pipe, optional: false, reloadOnChange: true));
        await writer;
        app.Clock.Advance(3 * Poll);

        Assert.Equal(200, await StatusAsync(app));
        Assert.Empty(app.Logs.WithId(4002));
    }

    public void Dispose()
    {
        _files.Dispose();
        _folder.Dispose();
    }

    private static async Task<int> StatusAsync(GuardedApp app) => (await app.SendAsync(GuardedApp.Stranger)).Response.StatusCode;

    private async Task<GuardedApp> StartAsync(string mode, IConfigurationSource? more = null)
    {
        await WriteAsync(mode);
        return await GuardedApp.StartAsync(new Dictionary<string, string?>(), sources: configuration =>
        {
            configuration.AddJsonFile(source => (source.FileProvider, source.Path, source.ReloadOnChange, source.ReloadDelay) = (_files, "appsettings.json", true, 0));
            if (more is not null)
            {
                configuration.Add(more);
            }

            var file = ((IConfigurationRoot)configuration).Providers.OfType<FileConfigurationProvider>().Last();
            ChangeToken.OnChange(file.GetReloadToken, () => _loads++);
        });
    }

    private Task WriteAsync(string mode) => File.WriteAllTextAsync(
        Path.Combine(_folder.Path, "appsettings.json"), TextOf(mode), TestContext.Current.CancellationToken);

    private static string TextOf(string mode) =>
        $$"""{ "OriginGuard": { "Mode": "{{mode}}", "SourceAddress": { "RecordNames": [], "Networks": [ "34.96.0.0/20" ] }, "SharedSecret": { "Secrets": [ "{{GuardedApp.Secret}}" ] } } }""";

    /// <summary>The looking alone, without a guard.</summary>
    private sealed class World : IDisposable
    {
        public World(IFileProvider files)
        {
            Root = new ConfigurationRoot([new JsonConfigurationProvider(new JsonConfigurationSource { FileProvider = files, Path = "appsettings.json", ReloadOnChange = true })]);
            Broken = new BrokenFiles(Root);
            Polled = new PolledFiles(Root, Broken, Clock);
        }

        public ManualTimeProvider Clock { get; } = new();

        public ConfigurationRoot Root { get; }

        public BrokenFiles Broken { get; }

        public PolledFiles Polled { get; }

        public void Dispose()
        {
            Polled.Dispose();
            Broken.Dispose();
            Root.Dispose();
        }
    }

    private sealed class MoodySource : ConfigurationProvider, IConfigurationSource
    {
        public bool IsMoody { get; set; }

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath) =>
            IsMoody ? throw new InvalidOperationException("The store is in a bad mood.") : base.GetChildKeys(earlierKeys, parentPath);
    }
}
