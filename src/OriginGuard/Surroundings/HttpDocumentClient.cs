using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;

namespace OriginGuard.Surroundings;

/// <summary>Asks an address for a JSON document, once: within a time limit, without redirects, and reading no more than the document can have.</summary>
/// <param name="clients">Makes the client, each time.</param>
/// <param name="clientName">Under which name the client is registered: <see cref="HttpDocumentServices"/>.</param>
/// <param name="maxLength">The longest body, in bytes.</param>
/// <param name="time">The clock of the limit.</param>
internal sealed class HttpDocumentClient(IHttpClientFactory clients, string clientName, int maxLength, TimeProvider time)
{
    /// <summary>One try, from the connection to the last byte.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Uri, SideThread> _threads = new();

    public async Task<HttpDocument> GetAsync(Uri uri, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            // A handler or a proxy of the application's own may block, and may ignore the token. That of one address does not keep another from being asked.
            var thread = _threads.GetOrAdd(uri, static (_, time) => new SideThread(time), time);
            return await thread.RunAsync(cancellationToken => SendAsync(uri, cancellationToken), either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException own) when (!stop.IsCancellationRequested && !limit.IsCancellationRequested)
        {
            // A time-out that the application gave to the client, shorter than ours.
            return HttpDocument.Failed($"the HTTP client gave up: {own.Message}");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return HttpDocument.Failed(
                string.Create(CultureInfo.InvariantCulture, $"no answer within {Timeout.TotalSeconds} s"));
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return HttpDocument.Failed(HttpReason.Of(error));
        }
    }

    private async Task<HttpDocument> SendAsync(Uri uri, CancellationToken cancellationToken)
    {
        // Not disposed: a factory of the application's own may hand out the client that it uses itself, and that of the framework wants nothing back.
        var client = clients.CreateClient(clientName);
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaTypeNames.Application.Json));
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is not HttpStatusCode.OK)
        {
            return HttpDocument.Failed(string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode}"));
        }

        // A handler of the user's may follow redirects: what another address says is not what was asked for.
        if (response.RequestMessage?.RequestUri is { } answered && answered != uri)
        {
            return HttpDocument.Failed("the answer was redirected");
        }

        return await ReadAsync(response.Content, cancellationToken).ConfigureAwait(false) is { } body
            ? new HttpDocument(body, Freshness(response.Headers), null)
            : HttpDocument.Failed(string.Create(CultureInfo.InvariantCulture, $"more than {maxLength} bytes"));
    }

    private async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = new byte[maxLength + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (length > maxLength)
        {
            return null; // not in a conditional expression: beside memory, null would be an empty one
        }

        return buffer.AsMemory(0, length);
    }

    /// <summary>What is left of <c>max-age</c> after the time that the answer spent in caches on the way.</summary>
    private static TimeSpan? Freshness(HttpResponseHeaders headers) => headers.CacheControl switch
    {
        { NoStore: true } or { NoCache: true } => TimeSpan.Zero,
        { MaxAge: { } maxAge } => maxAge - (headers.Age ?? TimeSpan.Zero),
        _ => null,
    };
}
