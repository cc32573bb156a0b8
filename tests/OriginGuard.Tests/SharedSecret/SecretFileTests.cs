using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OriginGuard.SharedSecret;
using OriginGuard.TestKit;
using OriginGuard.Tests.Ranges;
using Xunit;

namespace OriginGuard.Tests.SharedSecret;

/// <summary>What stands under the path of a secret file, and what the operator reads of it.</summary>
public sealed class SecretFileTests : IDisposable
{
    private const string Key = "OriginGuard:SharedSecret:SecretFiles:0";

    // A test whose code hangs fails.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("originguard-").FullName;
    private readonly ManualTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Secret => Path.Combine(_folder, "origin");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_pipe_without_a_writer_ends_the_start_after_two_seconds_and_is_named()
    {
        await MakePipeAsync(Secret);
        var starting = StartInBackgroundAsync(Secret);
        await WaitsAsync();

        _clock.Advance(SecretFile.Patience - TimeSpan.FromTicks(1));
        Assert.False(starting.IsCompleted);
        _clock.Advance(TimeSpan.FromTicks(1));

        var mistake = await MistakeAsync(starting);
        Assert.StartsWith($"{Key} (\"{Secret}\") has not answered within 2 s, as a named pipe (FIFO) without a writer", mistake, StringComparison.Ordinal);
        Assert.EndsWith("Name a regular file on a disk that answers.", mistake, StringComparison.Ordinal);
        LetGo(Secret);
    }

    [Fact]
    public async Task Several_files_that_hang_cost_one_wait()
    {
        string[] pipes = [Secret, Secret + "-2", Secret + "-3"];
        foreach (var pipe in pipes)
        {
            await MakePipeAsync(pipe);
        }

        var starting = StartInBackgroundAsync(pipes);
        await WaitsAsync();
        _clock.Advance(SecretFile.Patience);

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => starting);
        Assert.Equal(3, failure.Failures.Count(static text => text.Contains("has not answered", StringComparison.Ordinal)));
        Assert.All(pipes, LetGo);
    }

    [Fact]
    public async Task A_file_that_begins_to_hang_delays_a_reload_by_two_seconds_once_and_keeps_its_value()
    {
        await File.WriteAllTextAsync(Secret, GuardedApp.Secret, Token);
        await using var app = await StartAsync(Secret);
        File.Delete(Secret);
        await MakePipeAsync(Secret);

        var reloading = Task.Run(() => app.Reload(("Rejection:StatusCode", "404")), Token);
        await WaitsAsync();
        _clock.Advance(SecretFile.Patience);
        await reloading;
        app.Reload(("Rejection:StatusCode", "410")); // the clock stands: another wait would never end

        Assert.Equal((200, 410), (await StatusWithAsync(app, GuardedApp.Secret), await StatusWithAsync(app, "wrong")));
        _clock.Advance(TimeSpan.FromMinutes(1));
        var line = Assert.Single(app.Logs.WithId(4202)).Message;
        Assert.StartsWith($"The secret file {Secret} has not answered within 2 s", line, StringComparison.Ordinal);
        LetGo(Secret);
    }

    [Fact]
    public async Task A_reading_that_hangs_is_the_only_one_of_its_file_also_when_the_file_is_named_again()
    {
        await MakePipeAsync(Secret);
        var files = new SecretFiles(_clock);
        var reading = files.Begin([Secret])[0];

        files.ForgetTheRest();
        Assert.Equal(reading, files.Begin([Secret])[0]);

        LetGo(Secret);
        _ = reading.End(out var problem);
        Assert.StartsWith("is a pipe", problem?.What, StringComparison.Ordinal);
        Assert.NotEqual(reading, files.Begin([Secret])[0]);
        LetGo(Secret);
    }

    [Fact]
    public async Task A_pipe_with_a_writer_is_no_file_either()
    {
        await MakePipeAsync(Secret);
        var starting = StartInBackgroundAsync(Secret);
        await using (var pipe = new FileStream(Secret, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            Assert.StartsWith($"{Key} (\"{Secret}\") is a pipe or a device and no file. Name a regular file", await MistakeAsync(starting), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_link_to_a_file_is_read_as_the_file_is()
    {
        var mounted = Path.Combine(_folder, "..data-origin");
        await File.WriteAllTextAsync(mounted, GuardedApp.Secret, Token);
        File.CreateSymbolicLink(Secret, mounted);
        await using var app = await StartAsync(Secret);

        Assert.Equal((200, 403), (await StatusWithAsync(app, GuardedApp.Secret), await StatusWithAsync(app, "wrong")));
    }

    [Fact]
    public async Task A_directory_is_called_one_and_no_permission_is_looked_for()
    {
        var mistake = await MistakeAsync(StartAsync(_folder));

        Assert.Equal($"{Key} (\"{_folder}\") is a directory. Name the file in it.", mistake);
    }

    [Fact]
    public async Task A_relative_path_is_shown_in_full_with_what_it_counts_from()
    {
        var mistake = await MistakeAsync(StartAsync("secrets/origin"));

        Assert.StartsWith($"{Key} (\"{Path.Combine(Environment.CurrentDirectory, "secrets", "origin")}\") does not exist. The path is relative", mistake, StringComparison.Ordinal);
        Assert.Contains("the directory that the process was started in", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_path_that_is_missing_is_shown_as_it_is()
    {
        var mistake = await MistakeAsync(StartAsync("/run/secrets/origin-guard"));

        Assert.Equal($"{Key} (\"/run/secrets/origin-guard\") does not exist. Name a readable file that holds one secret.", mistake);
    }

    [Theory]
    [InlineData("correct-horse-battery-staple-0001")]
    [InlineData("3f9a1c0d5b7e48aa9c3d2e1f0a9b8c7d")]
    [InlineData("xVx3Zt0bqkQ8m1nHc5rYw7LpT2dGs9Ja-_4")]
    [InlineData("xVx3Zt0bqkQ8/1nHc5rYw7LpT2dGs9Ja+4=")]
    [InlineData("/Vx3Zt0bqkQ8m1nHc5rYw7LpT2dGs9Ja+4=")]
    public async Task A_secret_that_was_typed_in_place_of_a_path_is_not_shown(string secret)
    {
        var mistake = await MistakeAsync(StartAsync(secret));

        Assert.DoesNotContain(secret, mistake, StringComparison.Ordinal);
        Assert.StartsWith($"{Key} is no path of a file that can be read", mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty. Name a file that holds the secret")]
    [InlineData("a\0b", "is no path")]
    public async Task A_text_that_can_be_no_path_is_a_mistake_like_any_other(string path, string says)
    {
        var options = new SharedSecretOptions { SecretFiles = [path] };
        List<string> mistakes = [];
        await Task.Run(() => new SharedSecretSection(new SecretFiles(_clock)).Validate(new OriginGuardOptions { SharedSecret = options }, mistakes), Token);

        Assert.StartsWith($"{Key} {says}", Assert.Single(mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_looks_like_a_secret_and_may_not_be_read_is_said_to_be_that()
    {
        const string Path = "/var/run/secrets/OriginGuard2026";
        var mistake = SecretFileProblems.Of(new UnauthorizedAccessException(), Path).Describe(Key, Path, "Name a file.");

        Assert.StartsWith($"{Key} (a path that is not shown, because it may be a secret) may not be read by this process (", mistake, StringComparison.Ordinal);
        Assert.Contains("by chmod or chown", mistake, StringComparison.Ordinal);
        Assert.DoesNotContain("OriginGuard2026", mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 5)]
    [InlineData("00:05:00", 300)]
    public async Task A_changed_file_is_in_force_after_the_interval_and_not_before(string? interval, int seconds)
    {
        var path = Path.Combine(_folder, "secret");
        await File.WriteAllTextAsync(path, GuardedApp.PreviousSecret, Token);
        var settings = GuardedApp.Settings(("SharedSecret:SecretFiles:0", path), ("SharedSecret:SecretFilesInterval", interval));
        settings.Remove("OriginGuard:SharedSecret:Secrets:0");
        if (interval is null)
        {
            settings.Remove("OriginGuard:SharedSecret:SecretFilesInterval");
        }

        await using var app = await GuardedApp.StartAsync(settings, services => services.AddSingleton<TimeProvider>(_clock));
        await File.WriteAllTextAsync(path, GuardedApp.Secret, Token);

        _clock.Advance(TimeSpan.FromSeconds(seconds - 4));
        Assert.Equal(403, await StatusWithAsync(app, GuardedApp.Secret));

        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal((200, 403), (await StatusWithAsync(app, GuardedApp.Secret), await StatusWithAsync(app, GuardedApp.PreviousSecret)));
    }

    [Fact]
    public void A_missing_right_names_the_user_who_needs_it()
    {
        var problem = SecretFileProblems.Of(new UnauthorizedAccessException(), Secret);

        Assert.StartsWith($"may not be read by this process (user {Environment.UserName}", problem.What, StringComparison.Ordinal);
        Assert.Contains("chmod", problem.Remedy, StringComparison.Ordinal);
        Assert.False(problem.IsThere); // the path may be a secret
        if (OperatingSystem.IsLinux())
        {
            Assert.Matches(", id [0-9]+\\)$", problem.What);
        }
    }

    [Fact]
    public void What_is_there_is_shown_by_its_path_and_what_is_not_only_where_it_looks_like_one()
    {
        Assert.True(SecretFileProblems.Hangs(TimeSpan.FromSeconds(2)).IsThere);
        var other = SecretFileProblems.Of(new IOException("device error"), Secret);
        Assert.Equal(("cannot be read (the system says no)", "Name a readable file that holds one secret.", false), (other.What, other.Remedy, other.IsThere));
    }

    [Fact]
    public async Task A_path_that_holds_no_secret_is_shown_even_where_it_looks_like_one()
    {
        var mixed = Path.Combine(_folder, "xVx3Zt0bqkQ8m1nHc5rYw7LpT2dGs9Ja");
        await File.WriteAllTextAsync(mixed, "short", Token);

        Assert.StartsWith($"{Key} (\"{mixed}\") ", await MistakeAsync(StartAsync(mixed)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_somebody_else_holds_open_to_write_is_read()
    {
        using var held = new FileStream(Secret, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        held.Write("a-secret-in-a-file-that-is-held-open"u8);
        held.Flush();

        Assert.Equal(("a-secret-in-a-file-that-is-held-open", null), (SecretFileContent.Of(Secret).Value, SecretFileContent.Of(Secret).Problem));
    }

    private static async Task MakePipeAsync(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no named pipe in the file system of Windows.");
        using var mkfifo = Process.Start("mkfifo", path);
        await mkfifo.WaitForExitAsync(Token);
    }

    /// <summary>A writer comes and goes, and the thread that waits for it with it.</summary>
    private static void LetGo(string pipe) => new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite).Dispose();

    private static async Task<string> MistakeAsync(Task starting) =>
        Assert.Single((await Assert.ThrowsAsync<OptionsValidationException>(() => starting.WaitAsync(Patience, TimeProvider.System, Token))).Failures);

    private static async Task<int> StatusWithAsync(GuardedApp app, string secret) =>
        (await app.SendAsync(GuardedApp.LoadBalancer, request => request.Headers["X-Origin-Guard"] = secret)).Response.StatusCode;

    private Task WaitsAsync() => SupplyScene.UntilAsync(() => _clock.ArmedTimers.Contains(SecretFile.Patience));

    private Task<GuardedApp> StartAsync(params string[] files)
    {
        var settings = GuardedApp.Settings([.. files.Select(static (file, i) => ($"SharedSecret:SecretFiles:{i}", (string?)file))]);
        settings.Remove("OriginGuard:SharedSecret:Secrets:0");
        return GuardedApp.StartAsync(settings, services => services.AddSingleton<TimeProvider>(_clock));
    }

    private Task<GuardedApp> StartInBackgroundAsync(params string[] files) => Task.Run(() => StartAsync(files), Token);
}
