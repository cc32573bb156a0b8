using System.Net;
using System.Text.Json;

namespace OriginGuard.Tests.PublishedLists;

/// <summary>Google's two lists without a network: what the test says, or a server that cannot be reached.</summary>
internal sealed class ScriptedLists : HttpMessageHandler, IHttpClientFactory
{
    private int _fetches;

    public int Fetches => Volatile.Read(ref _fetches);

    public string[]? Google { get; set; }

    public string[]? Cloud { get; set; }

    /// <summary>Replaces the answers.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>? Script { get; set; }

    public static string Json(IEnumerable<string> networks, string created = "2026-11-01T10:00:00.123456") => JsonSerializer.Serialize(new
    {
        syncToken = "1",
        creationTime = created,
        prefixes = networks.Select(static network => new Dictionary<string, string>
        {
            [network.Contains(':', StringComparison.Ordinal) ? "ipv6Prefix" : "ipv4Prefix"] = network,
            ["service"] = "Google Cloud",
        }),
    });

    public static HttpResponseMessage Answer(string body, HttpStatusCode status = HttpStatusCode.OK) => new(status) { Content = new StringContent(body) };

    public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _fetches);
        return Script?.Invoke(request, cancellationToken)
            ?? ((request.RequestUri!.AbsolutePath.EndsWith("goog.json", StringComparison.Ordinal) ? Google : Cloud) is { } networks
                ? Task.FromResult(Answer(Json(networks)))
                : Task.FromException<HttpResponseMessage>(new HttpRequestException("no route to host")));
    }
}
