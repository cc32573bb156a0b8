using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Dns;
using OriginGuard.Iap;
using OriginGuard.Surroundings;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using OriginGuard.Tests.Dns;
using OriginGuard.Tests.Testing;
using Xunit;

namespace OriginGuard.Tests.Iap;

/// <summary>The guard's HTTP client is its own: what an application sets for all of its clients does not reach it, what it sets for this one does.</summary>
public sealed class IapHttpClientTests : IAsyncLifetime
{
    private readonly IapAssertionIssuer _issuer = new();
    private readonly Counter _counter = new();
    private IapKeyEndpoint? _endpoint;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IapKeyEndpoint Endpoint => _endpoint ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync() => _endpoint = await IapKeyEndpoint.StartAsync(_issuer, Token);

    public async ValueTask DisposeAsync()
    {
        await Endpoint.DisposeAsync();
        _issuer.Dispose();
    }

    [Fact]
    public async Task Defaults_of_the_application_change_neither_the_requests_nor_the_words()
    {
        await using var services = Services(before: Retry, after: Retry);
        Endpoint.Behavior = IapKeyEndpointBehavior.ServerError;
        var failed = await AskAsync(services);
        Endpoint.Behavior = IapKeyEndpointBehavior.Serve;
        var served = await AskAsync(services);

        Assert.Equal(("status 500", null), (failed.Error, served.Error));
        Assert.Equal((2, 0), (Endpoint.FetchCount, _counter.Requests));
        using var client = services.GetRequiredService<IHttpClientFactory>().CreateClient(IapDefaults.HttpClientName);
        Assert.Empty(client.DefaultRequestHeaders);

        void Retry(IServiceCollection all) => all.ConfigureHttpClientDefaults(defaults => defaults
            .AddHttpMessageHandler(() => _counter.Again(3))
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { Proxy = new WebProxy("http://127.0.0.1:9"), UseProxy = true })
            .ConfigureHttpClient(static client =>
            {
                client.Timeout = TimeSpan.FromTicks(1);
                client.BaseAddress = new Uri("http://127.0.0.1:9/");
                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "of-the-application");
            }));
    }

    /// <summary>The trace of whoever has begun the loop, and its baggage, are nobody else's business; and a name is resolved anew whatever the application sets for all of its handlers.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_trace_of_the_application_s_goes_along(bool isDns)
    {
        var names = new ConcurrentBag<string>();
        await using var server = await KestrelOrigin.StartAsync(context =>
        {
            names.Add(string.Join(' ', context.Request.Headers.Keys));
            return Task.CompletedTask;
        });
        using var activity = new Activity("start").SetIdFormat(ActivityIdFormat.W3C).AddBaggage("tenant", "one").Start();
        using var handler = HttpDocumentServices.CreateHandler();
        using var client = isDns ? HttpsTransport.CreateClient() : new HttpClient(handler, disposeHandler: false);

        using var answer = await client.GetAsync(server.Address, TestContext.Current.CancellationToken);

        Assert.Equal("Host", Assert.Single(names));
        Assert.Equal(TimeSpan.FromMinutes(2), handler.PooledConnectionLifetime);
    }

    [Fact]
    public async Task What_is_set_for_this_client_afterwards_holds()
    {
        await using var services = Services(after: all => all.AddHttpClient(IapDefaults.HttpClientName).AddHttpMessageHandler(() => _counter.Again(1)));

        Assert.Null((await AskAsync(services)).Error);
        Assert.Equal((1, 1), (Endpoint.FetchCount, _counter.Requests));
    }

    [Fact]
    public async Task A_time_out_of_the_applications_is_not_called_ours()
    {
        Endpoint.Behavior = IapKeyEndpointBehavior.Hang;
        await using var services = Services(after: static all => all.AddHttpClient(IapDefaults.HttpClientName).ConfigureHttpClient(
            static client => client.Timeout = TimeSpan.FromMilliseconds(1)));

        Assert.StartsWith("the HTTP client gave up: ", (await AskAsync(services)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_ignores_its_token_ends_with_the_time_limit_all_the_same()
    {
        var clock = new ManualTimeProvider();
        using var keys = new ScriptedKeyHandler(static () => "{}");
        keys.Script = static (_, _) => new TaskCompletionSource<HttpResponseMessage>().Task;
        var asking = IapKeySources.NewClient(keys, clock).GetAsync(new Uri("https://keys.example/"), Token);
        Assert.False(asking.IsCompleted);

        clock.Advance(HttpDocumentClient.Timeout);

        Assert.Equal("no answer within 5 s", (await asking.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token)).Error);
    }

    [Fact]
    public async Task A_failure_of_tls_says_what_is_wrong_with_the_certificate()
    {
        using var certificate = new LoopbackCertificate();
        await using var server = await HttpsDnsServer.StartAsync(HttpProtocols.Http1, certificate.Certificate);
        await using var services = Services();

        var answer = await AskAsync(services, server.Endpoint);

        Assert.StartsWith("SecureConnectionError: ", answer.Error, StringComparison.Ordinal);
        Assert.Contains(nameof(SslPolicyErrors.RemoteCertificateNameMismatch), answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("see inner exception", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_stands_between_the_guard_and_this_machine()
    {
        // A proxy where nobody listens: whoever asks it gets no answer.
        using var handler = HttpDocumentServices.CreateHandler();
        handler.Proxy = new LoopbackIsDirect(static () => new WebProxy("http://127.0.0.1:9"));
        using var client = new HttpClient(handler);

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Endpoint.Uri, Token)).StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://203.0.113.1/"), Token));
    }

    [Fact]
    public void Elsewhere_the_proxy_of_the_environment_holds()
    {
        var proxy = new LoopbackIsDirect(static () => new WebProxy("http://proxy.example:3128"));

        Assert.All(
            new[] { "http://localhost:1/", "http://127.0.0.1/", "http://127.9.1.1/", "http://[::1]/", "https://localhost/" },
            uri => Assert.Equal((true, null), (proxy.IsBypassed(new Uri(uri)), proxy.GetProxy(new Uri(uri)))));
        Assert.All(
            new[] { "https://www.gstatic.com/", "http://10.0.0.1/", "http://localhost.example/" },
            uri => Assert.Equal((false, new Uri("http://proxy.example:3128")), (proxy.IsBypassed(new Uri(uri)), proxy.GetProxy(new Uri(uri)))));
    }

    [Fact]
    public void The_proxy_of_the_environment_keeps_its_credentials()
    {
        var environment = new WebProxy("http://proxy.example:3128") { Credentials = new NetworkCredential("origin", "of the environment") };
        var proxy = new LoopbackIsDirect(() => environment);

        Assert.Same(environment.Credentials, proxy.Credentials);

        proxy.Credentials = CredentialCache.DefaultCredentials;

        Assert.Same(CredentialCache.DefaultCredentials, environment.Credentials);
    }

    [Fact]
    public void Both_clients_of_the_guard_go_straight_to_this_machine()
    {
        using var keys = HttpDocumentServices.CreateHandler();
        using var dns = OwnHandler.Create();

        Assert.All([keys, dns], static handler => Assert.IsType<LoopbackIsDirect>(handler.Proxy));
    }

    private static ServiceProvider Services(Action<IServiceCollection>? before = null, Action<IServiceCollection>? after = null)
    {
        var services = new ServiceCollection();
        before?.Invoke(services);
        services.AddIapKeys();
        after?.Invoke(services);
        return services.BuildServiceProvider();
    }

    private Task<HttpDocument> AskAsync(ServiceProvider services, Uri? uri = null) =>
        IapKeySources.NewClient(services.GetRequiredService<IHttpClientFactory>(), TimeProvider.System).GetAsync(uri ?? Endpoint.Uri, Token);

    /// <summary>Counts what passes it, and sends each request several times, as a retry does.</summary>
    private sealed class Counter
    {
        private int _requests;

        public int Requests => Volatile.Read(ref _requests);

        public DelegatingHandler Again(int times) => new Repeater(this, times);

        private sealed class Repeater(Counter counter, int times) : DelegatingHandler
        {
            protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                Interlocked.Increment(ref counter._requests);
                for (var i = 1; i < times; i++)
                {
                    (await base.SendAsync(request, cancellationToken)).Dispose();
                }

                return await base.SendAsync(request, cancellationToken);
            }
        }
    }
}
