using Microsoft.Extensions.Logging;
using OriginGuard.SharedSecret;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.SharedSecret;

/// <summary>The secrets in force over reloads and over what happens to their files.</summary>
public sealed class CurrentSecretsTests : IDisposable
{
    private const string First = "first-secret-of-the-test-0001";
    private const string Second = "second-secret-of-the-test-0002";

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly LogRecorder _log = new();
    private readonly CurrentSecrets _current;

    public CurrentSecretsTests() => _current = new CurrentSecrets(new SecretFiles(_clock), _clock, new Logger<CurrentSecrets>(_log));

    private string SecretFile => Path.Combine(_folder.Path, "secret");

    public void Dispose()
    {
        _current.Dispose();
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Other_secrets_are_told_of_and_the_same_ones_keep_what_was_counted()
    {
        var plan = Use(First);
        plan.Ring.CountMatch(0);
        Assert.Equal("Shared secrets in force: 1.", Assert.Single(_log.WithId(4201)).Message);

        Assert.Equal(1, Use(First).Ring.MatchesOf(0));
        Assert.Single(_log.WithId(4201));

        Assert.Equal(0, Use(Second, First).Ring.MatchesOf(1));
        Assert.Equal(["Shared secrets in force: 1.", "Shared secrets in force: 2."], _log.WithId(4201).Select(static entry => entry.Message));
    }

    /// <summary>What a timer throws ends the process.</summary>
    [Fact]
    public void What_nobody_foresaw_costs_a_turn_and_no_process()
    {
        File.WriteAllText(SecretFile, First);
        var logger = new FailingLogger();
        using var current = new CurrentSecrets(new SecretFiles(_clock), _clock, logger);
        var options = new SharedSecretOptions { SecretFiles = [SecretFile] };
        var plan = current.Prepare(options);
        current.Use(plan);
        logger.IsFailing = true;
        File.WriteAllText(SecretFile, Second);
        _clock.Advance(options.SecretFilesInterval);
        Assert.True(logger.Failures > 0);

        var told = logger.Lines;
        logger.IsFailing = false;
        File.WriteAllText(SecretFile, First);
        _clock.Advance(options.SecretFilesInterval);

        Assert.Equal(told + 1, logger.Lines);
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(7, 5)]
    [InlineData(8, 10)]
    [InlineData(10, 10)]
    [InlineData(60, 60)]
    public void A_file_is_read_again_with_the_turn_that_is_nearest_to_its_interval(int interval, int seconds)
    {
        var plan = UseFile(First, interval);
        File.WriteAllText(SecretFile, Second);

        _clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        Assert.Null(plan.Ring.Find(Second));
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(0, plan.Ring.Find(Second));
        Assert.Equal(2, _log.WithId(4201).Count());
    }

    [Fact]
    public void A_turn_that_finds_the_same_values_says_nothing()
    {
        UseFile(First);

        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Single(_log.WithId(4201));
    }

    [Fact]
    public void A_configuration_that_is_about_to_come_into_force_gets_the_new_values_too()
    {
        File.WriteAllText(SecretFile, First);
        var next = _current.Prepare(new SharedSecretOptions { SecretFiles = [SecretFile] });
        File.WriteAllText(SecretFile, Second);

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal((null, 0), (next.Ring.Find(First), next.Ring.Find(Second)));

        // And keeps the last good one, like the one in force.
        File.Delete(SecretFile);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, next.Ring.Find(Second));
    }

    [Fact]
    public void The_same_trouble_is_told_anew_once_it_had_been_over()
    {
        UseFile(First);
        for (var i = 0; i < 2; i++)
        {
            File.WriteAllText(SecretFile, "too short");
            _clock.Advance(TimeSpan.FromSeconds(30));
            File.WriteAllText(SecretFile, First);
            _clock.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Equal(2, _log.WithId(4202).Count());
    }

    private PlannedSecrets Use(params string[] secrets) => Use(new SharedSecretOptions { Secrets = secrets });

    private PlannedSecrets UseFile(string secret, int interval = 5)
    {
        File.WriteAllText(SecretFile, secret);
        return Use(new SharedSecretOptions { SecretFiles = [SecretFile], SecretFilesInterval = TimeSpan.FromSeconds(interval) });
    }

    private PlannedSecrets Use(SharedSecretOptions options)
    {
        var plan = _current.Prepare(options);
        _current.Use(plan);
        return plan;
    }

    private sealed class FailingLogger : ILogger<CurrentSecrets>
    {
        public bool IsFailing { get; set; }

        public int Failures { get; private set; }

        public int Lines { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsFailing)
            {
                Failures++;
                throw new InvalidOperationException("planted");
            }

            Lines++;
        }
    }
}
