using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OriginGuard.Guard;
using OriginGuard.Surroundings;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Surroundings;

/// <summary>A log whose provider throws, an event log without room for example, costs its lines and nothing else.</summary>
public sealed class SteadyLoggerTests
{
    [Fact]
    public void What_a_provider_throws_ends_here()
    {
        using var loggers = LoggerFactory.Create(static logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new ThrowingProvider()));
        var logger = new SteadyLogger<GuardPlans>(loggers);
        Assert.Throws<AggregateException>(() => Write(loggers.CreateLogger("another")));

        Write(logger);

        Assert.False(logger.IsEnabled(LogLevel.Error));
    }

    [Fact]
    public void Everything_else_passes()
    {
        using var logs = new LogRecorder();
        var logger = new SteadyLogger<GuardPlans>(logs);

        Write(logger);

        var entry = Assert.Single(logs.Entries);
        Assert.Equal((typeof(GuardPlans).FullName, LogLevel.Error, "a line", true), (entry.Category, entry.Level, entry.Message, logger.IsEnabled(LogLevel.Error)));
        Assert.Null(logger.BeginScope("of no use here"));
    }

    [Fact]
    public async Task Every_class_of_the_guard_gets_one()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), static services => services.AddAuthentication().AddGoogleIap(
            static options => options.Audiences = ["/projects/1/global/backendServices/1"]));
        Type[] wanted =
        [
            .. typeof(GuardPlans).Assembly.GetTypes().SelectMany(static type => type.GetConstructors()).SelectMany(static constructor => constructor.GetParameters())
                .Select(static parameter => parameter.ParameterType)
                .Where(static type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ILogger<>) && !type.ContainsGenericParameters).Distinct(),
        ];

        Assert.InRange(wanted.Length, 15, 40);
        Assert.All(wanted, type => Assert.Equal(typeof(SteadyLogger<>), app.Services.GetRequiredService(type).GetType().GetGenericTypeDefinition()));
    }

    [Fact]
    public async Task Nothing_of_the_guard_ends_by_it()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "secret");
        await File.WriteAllTextAsync(file, GuardedApp.PreviousSecret, TestContext.Current.CancellationToken);
        var provider = new ThrowingProvider { IsQuiet = true };
        await using var app = await GuardedApp.StartAsync(
            GuardedApp.Settings(("SharedSecret:SecretFiles:0", file)), services => services.AddSingleton<ILoggerProvider>(provider));
        provider.IsQuiet = false;

        Assert.Equal(403, (await app.SendAsync(GuardedApp.Stranger)).Response.StatusCode);
        await File.WriteAllTextAsync(file, "another-secret-of-this-test-0001", TestContext.Current.CancellationToken);
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(200, (await app.SendAsync(GuardedApp.LoadBalancer, static request => request.Headers["X-Origin-Guard"] = "another-secret-of-this-test-0001")).Response.StatusCode);
        Assert.Equal(403, (await app.SendAsync(GuardedApp.LoadBalancer, static request => request.Headers["X-Origin-Guard"] = GuardedApp.PreviousSecret)).Response.StatusCode);
        provider.IsQuiet = true;
    }

    private static void Write(ILogger logger) => logger.Log(LogLevel.Error, default, "a line", null, static (state, _) => state);

    /// <summary>Throws at lines of the guard's, and of everybody's in this class's own factory.</summary>
    private sealed class ThrowingProvider : ILoggerProvider
    {
        public bool IsQuiet { get; set; }

        public ILogger CreateLogger(string categoryName) => new ThrowingLogger(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class ThrowingLogger(ThrowingProvider provider, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => Throws ? throw new IOException("no space left") : true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                if (Throws)
                {
                    throw new IOException("no space left");
                }
            }

            private bool Throws => !provider.IsQuiet && (category == "another" || category.StartsWith("OriginGuard", StringComparison.Ordinal));
        }
    }
}
