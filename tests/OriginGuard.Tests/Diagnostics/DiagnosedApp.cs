using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using OriginGuard.Tests.Iap;
using OriginGuard.Tests.PublishedLists;
using Xunit;

namespace OriginGuard.Tests.Diagnostics;

/// <summary>A guarded application with all layers and its diagnostics mapped, and the ways to it.</summary>
internal sealed class DiagnosedApp : IAsyncDisposable
{
    public const string Path = "/_originguard";

    private readonly IapAssertionIssuer _issuer;
    private readonly ScriptedKeyHandler _keys;
    private readonly ManualTimeProvider _issuerClock;

    private DiagnosedApp(GuardedApp app, IapAssertionIssuer issuer, ScriptedKeyHandler keys, ManualTimeProvider issuerClock) =>
        (App, _issuer, _keys, _issuerClock) = (app, issuer, keys, issuerClock);

    public GuardedApp App { get; }

    /// <summary>The last assertion that the load balancer added.</summary>
    public string LastAssertion { get; private set; } = "";

    public IapIdentity Identity { get; set; } = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static Task<DiagnosedApp> StartAsync(params (string Key, string? Value)[] more) => StartAsync(null, null, more);

    public static async Task<DiagnosedApp> StartAsync(
        Action<IServiceCollection>? services, Action<WebApplication>? pipeline, params (string Key, string? Value)[] more)
    {
        var clock = new ManualTimeProvider();
        var issuer = new IapAssertionIssuer(clock);
        var keys = new ScriptedKeyHandler(() => issuer.KeySet);
        var settings = GuardedApp.Settings([("Iap:Audiences:0", IapWorld.Audience), .. more]);
        var app = await GuardedApp.StartAsync(
            settings,
            collection =>
            {
                collection.AddSingleton<IHttpClientFactory>(provider => new Clients(keys, provider.GetService<ScriptedLists>()));
                services?.Invoke(collection);
            },
            pipeline ?? UsualPipeline);
        return new DiagnosedApp(app, issuer, keys, clock);
    }

    public static void UsualPipeline(WebApplication app)
    {
        app.UseOriginGuard();
        app.MapOriginGuardDiagnostics();
        app.MapGet("/healthz", static () => "alive").AllowDirectAccess();
        app.MapFallback(static context => context.Response.WriteAsync("inside"));
    }

    /// <summary>A client of the load balancer, which adds the secret and an assertion.</summary>
    public HttpClient Through(string secret = GuardedApp.Secret) => SimulatedLoadBalancer.CreateClient(App.Server, new SimulatedLoadBalancerOptions
    {
        CustomRequestHeaders = [new CustomRequestHeader("X-Origin-Guard", secret)],
        IapAssertion = _ => LastAssertion = _issuer.Issue(IapWorld.Audience, Identity),
    });

    /// <summary>Moves the clock of the guard and that of the issuer.</summary>
    public void Advance(TimeSpan by)
    {
        _issuerClock.Advance(by);
        App.Clock.Advance(by);
    }

    public string Issue(string audience, IapAssertionKind kind = IapAssertionKind.NotSet) => _issuer.Issue(audience, kind: kind);

    public HttpClient Around() => SimulatedLoadBalancer.CreateDirectClient(App.Server, GuardedApp.Stranger);

    public async Task<JsonElement> ReadAsync(string secret = GuardedApp.Secret)
    {
        using var client = Through(secret);
        return JsonElement.Parse(await TextAsync(client));
    }

    /// <summary>A request with these headers and no other, from an address of the load balancer.</summary>
    public async Task<JsonElement> SendAsLoadBalancerAsync(params (string Name, string Value)[] headers)
    {
        var answer = await App.SendAsync(GuardedApp.LoadBalancer, request =>
        {
            request.Path = Path;
            request.Headers.Clear();
            foreach (var (name, value) in headers)
            {
                request.Headers[name] = value;
            }
        });
        return (await JsonDocument.ParseAsync(answer.Response.Body, cancellationToken: Stop)).RootElement;
    }

    public static Task<string> TextAsync(HttpClient client, string path = Path) => client.GetStringAsync(new Uri(path, UriKind.Relative), Stop);

    public async Task<string> ReadPageAsync()
    {
        using var response = await SendAsync(Through(), accept: "text/html");
        Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return await response.Content.ReadAsStringAsync(Stop);
    }

    /// <summary>One request, by a client that goes afterwards.</summary>
    public static async Task<HttpResponseMessage> SendAsync(HttpClient client, string method = "GET", string path = Path, string? accept = null)
    {
        using (client)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (accept is not null)
            {
                request.Headers.TryAddWithoutValidation("Accept", accept);
            }

            return await client.SendAsync(request, Stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        _keys.Dispose();
        _issuer.Dispose();
    }

    /// <summary>The clients of the guard: for the keys, and for the lists where a test has some.</summary>
    private sealed class Clients(IHttpClientFactory keys, IHttpClientFactory? lists) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => (name == SourceAddressOptions.HttpClientName && lists is not null ? lists : keys).CreateClient(name);
    }
}
