using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using OriginGuard.Surroundings;

namespace OriginGuard.Iap;

/// <summary>Asks the key endpoint once: within the time limit, without redirects, and reading no more than a key set can have.</summary>
internal sealed class IapKeyClient(IHttpClientFactory clients, TimeProvider time)
{
    /// <summary>The real set has less than 2 KiB.</summary>
    private const int MaxLength = 64 * 1024;

    /// <summary>The handler of the guard's own client: no redirects, no cookies, and no proxy between the guard and this machine.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        Proxy = new LoopbackIsDirect(),
        ConnectTimeout = IapKeySchedule.Timeout,
        MaxResponseHeadersLength = 16, // KiB
    };

    public async Task<IapKeyAnswer> GetAsync(Uri uri, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(IapKeySchedule.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            // Not waited for beyond its time: a handler of the application's own may ignore the token.
            return await SendAsync(uri, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException own) when (!stop.IsCancellationRequested && !limit.IsCancellationRequested)
        {
            // A time-out that the application gave to the client, shorter than ours.
            return IapKeyAnswer.Failed($"the HTTP client gave up: {own.Message}");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return IapKeyAnswer.Failed(
                string.Create(CultureInfo.InvariantCulture, $"no answer within {IapKeySchedule.Timeout.TotalSeconds} s"));
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return IapKeyAnswer.Failed(HttpReason.Of(error));
        }
    }

    private async Task<IapKeyAnswer> SendAsync(Uri uri, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(IapDefaults.HttpClientName);
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaTypeNames.Application.Json));
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode is not HttpStatusCode.OK)
        {
            return IapKeyAnswer.Failed(string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode}"));
        }

        // A handler of the user's may follow redirects: keys from another address are not the ones that were asked for.
        if (response.RequestMessage?.RequestUri is { } answered && answered != uri)
        {
            return IapKeyAnswer.Failed("the answer was redirected");
        }

        return await ReadAsync(response.Content, cancellationToken) is { } body
            ? new IapKeyAnswer(body, Freshness(response.Headers), null)
            : IapKeyAnswer.Failed(string.Create(CultureInfo.InvariantCulture, $"more than {MaxLength} bytes"));
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaxLength + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > MaxLength ? null : buffer.AsMemory(0, length);
    }

    /// <summary>What is left of <c>max-age</c> after the time that the answer spent in caches on the way.</summary>
    private static TimeSpan? Freshness(HttpResponseHeaders headers) => headers.CacheControl switch
    {
        { NoStore: true } or { NoCache: true } => TimeSpan.Zero,
        { MaxAge: { } maxAge } => maxAge - (headers.Age ?? TimeSpan.Zero),
        _ => null,
    };
}
