using System.Net;
using OriginGuard.Testing;

namespace OriginGuard.Endurance.Load;

/// <summary>Sends its request as many streams of one connection of HTTP/2, and judges each answer.</summary>
internal sealed class Http2Caller(Caller caller, int port, Func<Moment> moment, Tally tally) : ICaller
{
    private const int Streams = 16;

    private readonly Uri _origin = new($"http://127.0.0.1:{port}/");
    private readonly HttpClient _client = SimulatedLoadBalancer.CreateDirectClient(new Uri($"http://127.0.0.1:{port}/"), IPAddress.Parse(caller.Peer));

    public Task ConnectAsync() => AskAsync();

    public Task TurnAsync() => Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => AskAsync()));

    public void Dispose() => _client.Dispose();

    private async Task AskAsync()
    {
        var before = moment();
        using var request = new HttpRequestMessage(HttpMethod.Get, _origin) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "203.0.113.9,34.98.76.54");
        if (caller.Secret(before) is { } secret)
        {
            request.Headers.TryAddWithoutValidation("X-Origin-Guard", secret);
        }

        if (caller.Assertion(before) is { } assertion)
        {
            request.Headers.TryAddWithoutValidation("X-Goog-IAP-JWT-Assertion", assertion);
        }

        using var answer = await _client.SendAsync(request);
        tally.Count(caller.Name, (int)answer.StatusCode, caller.Expect(before, moment()), isHttp2: true);
    }
}
