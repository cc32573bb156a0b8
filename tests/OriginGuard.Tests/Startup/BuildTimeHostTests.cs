using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OriginGuard.Startup;
using OriginGuard.Surroundings;
using OriginGuard.TestKit;
using OriginGuard.Tests.Iap;
using Xunit;

namespace OriginGuard.Tests.Startup;

/// <summary>The process that writes OpenAPI documents while the application is built.</summary>
public sealed class BuildTimeHostTests : IDisposable
{
    private readonly ScriptedTxtResolver _dns = new();
    private readonly ScriptedKeyHandler _keys = new(static () => "{}");

    [Fact]
    public void A_process_that_native_code_has_started_is_none() => Assert.False(BuildTimeHost.Of(null).IsOne);

    [Fact]
    public async Task Starts_without_secret_files_asks_nobody_and_lets_nobody_in()
    {
        await using var app = await StartAsync(BuildTimeHost.DocumentTool);

        Assert.Equal((0, 0), (_dns.Calls, _keys.Fetches));
        Assert.Equal((503, 503), (await StatusAsync(app, "/"), await StatusAsync(app, "/healthz")));
        Assert.Equal(LogLevel.Information, Assert.Single(app.Logs.WithId(4031)).Level);
        Assert.Empty(app.Logs.WithId(4006));
        await app.StopAsync();
        Assert.DoesNotContain(app.Logs.Entries, static entry => entry.Level >= LogLevel.Error);
    }

    [Theory]
    [InlineData("Shop")]
    [InlineData("getdocument.insider")]
    [InlineData(null)]
    public async Task Any_other_program_needs_its_secret_files(string? program)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(program));

        Assert.Contains(failure.Failures, static text => text.StartsWith("OriginGuard:SharedSecret:SecretFiles:0", StringComparison.Ordinal));
    }

    [Fact]
    public void This_program_is_none() => Assert.False(BuildTimeHost.Current.IsOne);

    [Fact]
    public async Task An_application_that_is_built_and_not_started_reads_and_asks_nothing()
    {
        // As the tools of Entity Framework do: they take the services of what Build() returned, and never start it.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Services.AddRouting().AddSingleton<ITxtResolver>(_dns);
        builder.Services.AddOriginGuard(static options => options.SharedSecret.SecretFiles = ["/no/such/file"]);
        await using var app = builder.Build();
        app.UseOriginGuard();
        app.MapOriginGuardDiagnostics();

        Assert.Equal(0, _dns.Calls);
        Assert.Throws<OptionsValidationException>(() => app.Services.GetRequiredService<Supply>());
    }

    public void Dispose() => _keys.Dispose();

    private static async Task<int> StatusAsync(GuardedApp app, string path) => (await app.SendAsync(GuardedApp.LoadBalancer, request =>
    {
        request.Path = path;
        request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
    })).Response.StatusCode;

    private Task<GuardedApp> StartAsync(string? program)
    {
        var settings = GuardedApp.Settings(
            ("SharedSecret:SecretFiles:0", "/no/such/file"), ("SourceAddress:RecordNames", null), ("SourceAddress:RecordNames:0", "ranges.example"),
            ("Iap:Audiences:0", IapWorld.Audience));
        settings.Remove("OriginGuard:SourceAddress:RecordNames");
        return GuardedApp.StartAsync(settings, services =>
        {
            services.AddSingleton(new BuildTimeHost(program)).AddSingleton<ITxtResolver>(_dns).AddSingleton<IHttpClientFactory>(_keys);
            services.AddAuthentication().AddGoogleIap(static options => options.Audiences = [IapWorld.Audience]);
        });
    }
}
