using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Startup;

/// <summary>Whoever starts the application has a synchronization context, as desktop programs and runners of tests do, a trace, and something of its own that flows along.</summary>
public sealed class CallersContextTests
{
    private const string Name = "_ranges.example";

    private static readonly AsyncLocal<string?> Flowing = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_application_starts_and_ends_on_a_thread_that_does_nothing_but_wait_for_it()
    {
        using var folder = new TemporaryFolder();
        await using var dns = LoopbackDnsServer.Start();
        dns.SetTxt(Name, "v=spf1 ip4:34.96.0.0/20 ~all");
        using var issuer = new IapAssertionIssuer();
        await using var keys = await IapKeyEndpoint.StartAsync(issuer, Token);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        new Thread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(new WaitingContext());
            try
            {
                var app = Build(new ChangingSource(Settings(
                    ("SourceAddress:RecordNames:0", Name),
                    ("Dns:Servers:0", $"{dns.EndPoint}"),
                    ("Iap:Audiences:0", "/projects/1/global/backendServices/2"),
                    ("Iap:KeysUri", $"{keys.Uri}"),
                    ("Arming:ReportPath", Path.Combine(folder.Path, "arming.json")))));
                app.StartAsync().Wait();
                app.StopAsync().Wait();
                ((IDisposable)app).Dispose();
                done.SetResult();
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        })
        {
            IsBackground = true,
        }.Start();

        await done.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
        Assert.Equal((1, true), (keys.FetchCount, dns.QueryCount > 0));
    }

    /// <summary>The loops live as long as the application; whoever has started them, or has brought a new one by a reload, does not.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_flows_with_a_caller_does_not_stay_in_the_loops(bool isSuppressed)
    {
        var seen = new ConcurrentQueue<string>();
        var resolver = new ScriptedTxtResolver().Answer(Name, "v=spf1 ip4:34.96.0.0/20 ~all").Answer("_later.example", "v=spf1 ip4:34.127.192.0/18 ~all");
        resolver.Gate = (name, _) =>
        {
            seen.Enqueue($"{name}: {Flowing.Value}{Activity.Current?.OperationName}");
            return Task.CompletedTask;
        };
        var source = new ChangingSource(Settings(("SourceAddress:RecordNames:0", Name)));
        await using var app = Build(source, services => services.AddSingleton<ITxtResolver>(resolver));

        Flowing.Value = "the start";
        using (new Activity("start").Start())
        {
            Task starting;
            using (isSuppressed ? ExecutionContext.SuppressFlow() : default)
            {
                starting = app.StartAsync(Token);
            }

            await starting;
        }

        Flowing.Value = "a request";
        using (new Activity("request").Start())
        {
            source.Become(Settings(("SourceAddress:RecordNames:0", Name), ("SourceAddress:RecordNames:1", "_later.example")));
        }

        await Ranges.SupplyScene.UntilAsync(() => seen.Any(static line => line.StartsWith("_later", StringComparison.Ordinal)));
        Assert.All(seen, static line => Assert.EndsWith(": ", line, StringComparison.Ordinal));
    }

    private static WebApplication Build(ChangingSource source, Action<IServiceCollection>? configure = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Configuration.Sources.Add(source);
        configure?.Invoke(builder.Services);
        builder.Services.AddOriginGuard(builder.Configuration);
        var app = builder.Build();
        app.UseOriginGuard();
        return app;
    }

    private static Dictionary<string, string?> Settings(params (string Key, string? Value)[] settings) =>
        settings.Append(("SharedSecret:Secrets:0", GuardedApp.Secret)).ToDictionary(static setting => $"OriginGuard:{setting.Item1}", static setting => (string?)setting.Item2);

    /// <summary>A thread that waits runs nothing of what it is given.</summary>
    private sealed class WaitingContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }
}
