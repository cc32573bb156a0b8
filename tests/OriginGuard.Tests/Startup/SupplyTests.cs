using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OriginGuard.Startup;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using OriginGuard.Tests.Ranges;
using Xunit;

namespace OriginGuard.Tests.Startup;

/// <summary>When the background work begins and ends, whatever host there is.</summary>
public sealed class SupplyTests : IDisposable
{
    private const string Name = "ranges.example";

    private readonly ManualTimeProvider _clock = new();
    private readonly LogRecorder _logs = new();
    private readonly ScriptedTxtResolver _dns = new ScriptedTxtResolver().Answer(Name, "v=spf1 ip4:34.96.0.0/20");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_of_the_former_generation_serves_its_first_request_and_ends_with_its_services()
    {
        using (var server = FormerHost())
        {
            Assert.Equal((200, 403), (await StatusAsync(server, GuardedApp.LoadBalancer), await StatusAsync(server, GuardedApp.Stranger)));
            Assert.Equal(1, _dns.Calls);
            Assert.Single(_logs.WithId(4006));
        }

        await AsksNobodyAnyMoreAsync();
    }

    [Fact]
    public async Task A_host_of_the_former_generation_ends_in_order_too()
    {
        using var folder = new TemporaryFolder();
        var report = Path.Combine(folder.Path, "arming.json");
        using var server = FormerHost(report);
        await SupplyScene.UntilAsync(() => File.Exists(report)); // as it was at the start
        Assert.Equal(403, await StatusAsync(server, GuardedApp.Stranger));

        await StopAsync(server);

        Assert.Contains("address.outside_ranges", await File.ReadAllTextAsync(report, Token), StringComparison.Ordinal);

        // The reading of the secrets, and the window of the refusal: no loop sleeps any more.
        Assert.Equal([TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)], _clock.ArmedTimers);
    }

    [Fact]
    public async Task A_scheme_alone_fetches_no_keys_any_more_when_a_host_of_the_former_generation_has_stopped()
    {
        using var issuer = new IapAssertionIssuer(_clock);
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, Token);
        using var server = FormerHost(services => services.AddAuthentication().AddGoogleIap(options => (options.Audiences, options.KeysUri) = (["/projects/1/global/backendServices/2"], keys.Uri)));
        await SupplyScene.UntilAsync(() => _clock.ArmedTimers.Count == 1); // the pause of the keys

        await StopAsync(server);

        await SupplyScene.UntilAsync(() => _clock.ArmedTimers.Count == 0);
        Assert.Equal(1, keys.FetchCount);
    }

    [Fact]
    public void A_scheme_without_an_audience_ends_the_start_of_a_host_of_the_former_generation_too()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => FormerHost(more: static services => services.AddAuthentication().AddGoogleIap(static _ => { })).Dispose());

        Assert.Contains("the scheme needs one of them", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_of_the_former_generation_serves_after_a_bounded_wait_also_when_dns_hangs()
    {
        _dns.Gate = static (_, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        var starting = Task.Run(() => FormerHost(), Token);
        await SupplyScene.UntilAsync(() => _clock.ArmedTimers.Contains(TimeSpan.FromSeconds(6.5)));
        _clock.Advance(TimeSpan.FromSeconds(6.5));

        using var server = await starting;
        Assert.Equal(503, await StatusAsync(server, GuardedApp.LoadBalancer));
        Assert.Single(_logs.WithId(4005));
    }

    [Fact]
    public async Task A_host_that_starts_the_supply_itself_starts_it_once()
    {
        await using var app = Build();
        await app.StartAsync(Token);

        Assert.Equal(200, await StatusAsync(app.GetTestServer(), GuardedApp.LoadBalancer));
        Assert.Equal(1, _dns.Calls);
        Assert.Single(_logs.WithId(4006));
    }

    [Fact]
    public async Task An_application_that_is_told_to_stop_while_it_starts_ends_in_order()
    {
        _dns.Gate = static (_, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        builder.Logging.ClearProviders().AddProvider(_logs);
        builder.Services.AddSingleton<ITxtResolver>(_dns);
        builder.Services.AddOriginGuard(static options => options.SourceAddress.RecordNames = [Name]);
        await using var app = builder.Build();
        app.UseOriginGuard();

        var running = app.RunAsync();
        await SupplyScene.UntilAsync(() => _dns.Calls > 0);
        app.Lifetime.StopApplication();
        await running;

        Assert.DoesNotContain(_logs.Entries, static line => line.Message.StartsWith("Now listening", StringComparison.Ordinal));
        Assert.DoesNotContain(_logs.Entries, static line => line.Level >= LogLevel.Error && !line.Category.StartsWith("OriginGuard", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_comes_later_takes_the_place_as_usual()
    {
        await using var app = Build();

        Assert.IsType<TestServer>(app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>());
    }

    /// <summary>The framework registers the server anew with each <c>UseKestrel</c>, and the last one counts.</summary>
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_signal_during_the_start_needs_a_Kestrel_that_is_not_named_again_behind_the_guard(bool isNamedAgain, bool endsInOrder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddOriginGuard(static options => options.SourceAddress.RecordNames = [Name]);
        _ = isNamedAgain ? builder.WebHost.UseKestrel(static _ => { }) : builder.WebHost.ConfigureKestrel(static _ => { });
        await using var app = builder.Build();

        Assert.Equal(endsInOrder, app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>() is InterruptibleServer);
    }

    [Fact]
    public async Task A_host_that_is_disposed_and_was_never_stopped_asks_nobody_any_more()
    {
        var app = Build();
        await app.StartAsync(Token);
        ((IDisposable)app).Dispose();

        await AsksNobodyAnyMoreAsync();
    }

    [Fact]
    public async Task A_host_whose_start_fails_behind_the_guard_asks_nobody_any_more()
    {
        await using (var app = Build(static services => services.AddHostedService<BrokenService>()))
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(Token));
            Assert.Equal(1, _dns.Calls);
        }

        await AsksNobodyAnyMoreAsync();
    }

    [Fact]
    public async Task A_start_that_is_told_to_stop_does_not_throw()
    {
        _dns.Gate = static (_, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        await using var app = Build();
        using var stop = new CancellationTokenSource();
        var guard = app.Services.GetServices<IHostedService>().OfType<OriginGuardHostedService>().Single();
        var starting = guard.StartingAsync(stop.Token);
        await SupplyScene.UntilAsync(() => _dns.Calls == 1);
        Assert.False(starting.IsCompleted);

        await stop.CancelAsync();
        await starting;
        Assert.Empty(_logs.WithId(4005));
    }

    public void Dispose() => _logs.Dispose();

    private static async Task<int> StatusAsync(TestServer server, System.Net.IPAddress peer) => (await server.SendAsync(context =>
    {
        context.Connection.RemoteIpAddress = peer;
        context.Request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
    }, Token)).Response.StatusCode;

    private static void Pipeline(IApplicationBuilder app)
    {
        app.UseOriginGuard();
        app.Run(static context => context.Response.WriteAsync("inside"));
    }

    /// <summary>All timers are gone, and time that passes changes nothing.</summary>
    private async Task AsksNobodyAnyMoreAsync()
    {
        await SupplyScene.UntilAsync(() => _clock.ArmedTimers.Count == 0);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, _dns.Calls);
    }

#pragma warning disable ASPDEPR004, ASPDEPR008 // Obsolete, and still how old applications and their tests are written.
    private TestServer FormerHost(string? report = null, Action<IServiceCollection>? more = null) =>
        new(new WebHostBuilder().ConfigureServices(services => Register(services, more, report)).Configure(Pipeline));

    private TestServer FormerHost(Action<IServiceCollection> scheme) => new(new WebHostBuilder().ConfigureServices(services =>
    {
        services.AddSingleton<TimeProvider>(_clock).FollowTestClock();
        scheme(services);
    }).Configure(static _ => { }));

    private static Task StopAsync(TestServer server) => server.Host.StopAsync(Token);
#pragma warning restore ASPDEPR004, ASPDEPR008

    private WebApplication Build(Action<IServiceCollection>? more = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        Register(builder.Services, more);
        var app = builder.Build();
        Pipeline(app);
        return app;
    }

    private void Register(IServiceCollection services, Action<IServiceCollection>? more, string? report = null)
    {
        services.AddLogging(logging => logging.ClearProviders().AddProvider(_logs).SetMinimumLevel(LogLevel.Trace));
        services.AddSingleton<TimeProvider>(_clock).AddSingleton<ITxtResolver>(_dns).FollowTestClock();
        services.AddOriginGuard(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OriginGuard:SourceAddress:RecordNames:0"] = Name,
            ["OriginGuard:SharedSecret:Secrets:0"] = GuardedApp.Secret,
            ["OriginGuard:Arming:ReportPath"] = report,
        }).Build());
        more?.Invoke(services);
    }

    private sealed class BrokenService : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("something else is broken");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
