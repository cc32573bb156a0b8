using System.Net;
using System.Text.Json;
using OriginGuard.Sample;
using OriginGuard.Sample.Simulated;
using Xunit;

namespace OriginGuard.Tests.Sample;

/// <summary>The sample on ports that are free, with a client that changes nothing.</summary>
internal sealed class RunningSample : IAsyncDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

    private RunningSample(SampleHost host) => Host = host;

    public SampleHost Host { get; }

    public Simulation Simulation => Host.Simulation!;

    public Uri Through => Simulation.LoadBalancer;

    public Uri Around => new(Host.Urls.First());

    public static Task<RunningSample> StartAsync(params string[] args) => StartAsync(null, null, args);

    public static async Task<RunningSample> StartAsync(string? contentRoot, IPAddress[]? sources, params string[] args) => new(await SampleHost.StartAsync(
        ["--Logging:LogLevel:Default=None", "--urls=http://127.0.0.1:0", "--Sample:SimulatorPort=0", .. args],
        contentRoot,
        sources,
        TestContext.Current.CancellationToken));

    public Task<HttpResponseMessage> GetAsync(Uri address, string path) => _client.GetAsync(new Uri(address, path), TestContext.Current.CancellationToken);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _client.SendAsync(request, TestContext.Current.CancellationToken);

    public async Task<JsonElement> ReadAsync(Uri address, string path)
    {
        using var response = await GetAsync(address, path);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Host.DisposeAsync();
    }
}
