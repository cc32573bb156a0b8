using System.Net;
using System.Text;

namespace OriginGuard.Tests.Iap;

/// <summary>A key endpoint without a network: answers what the test says, and counts.</summary>
internal sealed class ScriptedKeyHandler(Func<string> keySet) : HttpMessageHandler, IHttpClientFactory
{
    private int _fetches;

    public int Fetches => Volatile.Read(ref _fetches);

    /// <summary>Replaces the answer; the key set of the issuer when null.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>? Script { get; set; }

    public string? CacheControl { get; set; } = "public, max-age=3600";

    public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

    public TimeSpan? Age { get; set; }

    public HttpResponseMessage Answer(string? body = null, HttpStatusCode status = HttpStatusCode.OK, HttpRequestMessage? request = null)
    {
        var response = new HttpResponseMessage(status)
        {
            Content = new StringContent(body ?? keySet(), Encoding.UTF8, "application/json"),
            RequestMessage = request,
        };
        response.Headers.Age = Age;
        if (CacheControl is not null)
        {
            response.Headers.TryAddWithoutValidation("Cache-Control", CacheControl);
        }

        return response;
    }

    public void AlwaysAnswer(string body, HttpStatusCode status = HttpStatusCode.OK) => Script = (_, _) => Task.FromResult(Answer(body, status));

    /// <summary>No answer until the source is completed or the caller gives up.</summary>
    public TaskCompletionSource Hang()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Script = async (_, cancellationToken) =>
        {
            await release.Task.WaitAsync(cancellationToken);
            return Answer();
        };
        return release;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _fetches);
        return Script?.Invoke(request, cancellationToken) ?? Task.FromResult(Answer());
    }
}
