using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Iap;

/// <summary>An application with one endpoint that wants a signed-in user, and the keys on a real loopback endpoint.</summary>
internal sealed class IapApp : IAsyncDisposable
{
    private readonly WebApplication _application;

    private IapApp(WebApplication application, IapAssertionIssuer issuer, IapKeyEndpoint keys, ManualTimeProvider time, LogRecorder logs) =>
        (_application, Issuer, Keys, Time, Logs) = (application, issuer, keys, time, logs);

    public IapAssertionIssuer Issuer { get; }

    public IapKeyEndpoint Keys { get; }

    public ManualTimeProvider Time { get; }

    public LogRecorder Logs { get; }

    public IAuthenticationSchemeProvider Schemes => _application.Services.GetRequiredService<IAuthenticationSchemeProvider>();

    public static async Task<IapApp> StartAsync(
        Action<AuthenticationBuilder> add,
        IapKeyEndpointBehavior behavior = IapKeyEndpointBehavior.Serve,
        bool advance = false,
        RequestDelegate? answer = null,
        IConfiguration? configuration = null)
    {
        var time = new ManualTimeProvider();
        var logs = new LogRecorder();
        var issuer = new IapAssertionIssuer(time);
        var keys = await IapKeyEndpoint.StartAsync(issuer, TestContext.Current.CancellationToken);
        keys.Behavior = behavior;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddSingleton<TimeProvider>(time).AddRouting().AddAuthorization();
        builder.Services.FollowTestClock();
        if (configuration is not null)
        {
            builder.Configuration.AddConfiguration(configuration);
        }

        add(builder.Services.AddAuthentication(IapDefaults.AuthenticationScheme));
        builder.Services.ConfigureAll<IapOptions>(options => options.KeysUri = options.KeysUri == new IapOptions().KeysUri ? keys.Uri : options.KeysUri);
        var application = builder.Build();
        application.UseAuthentication();
        application.UseAuthorization();
        application.MapGet("/", answer ?? (context => context.Response.WriteAsync(
            $"{context.User.Identity?.Name} {context.User.FindFirstValue(ClaimTypes.NameIdentifier)}"))).RequireAuthorization();
        var app = new IapApp(application, issuer, keys, time, logs);
        try
        {
            await app.StartAsync(advance);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public Task<(HttpStatusCode Status, string Body, HttpResponseHeaders Headers)> GetAsync(params string[] assertions) => GetAsync(
        request => request.Headers.TryAddWithoutValidation(IapDefaults.AssertionHeader, assertions));

    public async Task<(HttpStatusCode Status, string Body, HttpResponseHeaders Headers)> GetAsync(Action<HttpRequestMessage> configure)
    {
        using var client = _application.GetTestClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        configure(request);
        var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Headers);
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        await Keys.DisposeAsync();
        Issuer.Dispose();
    }

    /// <summary>With <paramref name="advance"/> until the start has lost its patience with an endpoint that does not answer well.</summary>
    private async Task StartAsync(bool advance)
    {
        var start = _application.StartAsync(TestContext.Current.CancellationToken);
        while (advance && !start.IsCompleted)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await start;
    }
}
