using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using OriginGuard.Surroundings;

namespace OriginGuard.Dns;

/// <summary>Questions to one DNS-over-HTTPS endpoint (RFC 8484), by POST.</summary>
internal sealed class HttpsTransport(HttpClient client, Uri endpoint)
{
    private const string MediaType = "application/dns-message";
    private const int FirstBufferLength = 4096;

    // For the log: without the path, where some providers have the name of the account.
    public string Server { get; } = endpoint.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    /// <summary>The client that the guard uses when it is given no other. The attempt's time bounds it, not a timeout of its own.</summary>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The client disposes its handler.")]
    public static HttpClient CreateClient() => new(OwnHandler.Create(), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };

    public async Task<TxtAnswer> AskAsync(DnsName name, CancellationToken cancellationToken)
    {
        var query = DnsQuery.CreateForHttps(name, edns: true);
        var reply = await ExchangeAsync(query, cancellationToken).ConfigureAwait(false);
        if (reply.Failure is null && query.IsRefusedForEdns(reply.Message))
        {
            query = DnsQuery.CreateForHttps(name, edns: false);
            reply = await ExchangeAsync(query, cancellationToken).ConfigureAwait(false);
        }

        return reply.Failure ?? Read(reply);
    }

    private async Task<Reply> ExchangeAsync(DnsQuery query, CancellationToken cancellationToken)
    {
        try
        {
            return await PostAsync(query, HttpVersion.Version20, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException failure) when (IsPlain && failure.HttpRequestError is not HttpRequestError.ConnectionError)
        {
            // Without TLS there is nothing to negotiate HTTP/2 with: it is spoken at once, and a server that does not know it hangs up.
            return await PostAsync(query, HttpVersion.Version11, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool IsPlain => endpoint.Scheme == Uri.UriSchemeHttp;

    private async Task<Reply> PostAsync(DnsQuery query, Version version, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(query.Message);
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        request.Content = content;
        request.Version = version;
        request.VersionPolicy = IsPlain ? HttpVersionPolicy.RequestVersionExact : HttpVersionPolicy.RequestVersionOrLower;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(MediaType));

        // The headers only: the body is read below, and no further than a message can be long.
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (Complaint(request, response) is { } failure)
        {
            return new Reply([], TimeSpan.Zero, failure);
        }

        using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return await ReadBodyAsync(body, query, response.Headers.Age ?? TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
    }

    private TxtAnswer? Complaint(HttpRequestMessage request, HttpResponseMessage response)
    {
        // A client from outside may follow redirects all the same; it leaves the address where it ended in the request.
        if (request.RequestUri != endpoint)
        {
            return TxtAnswer.Failed(TxtError.Malformed, $"{Server} redirected the question elsewhere");
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return TxtAnswer.Failed(TxtError.ServerFailure, $"{Server} answered with HTTP status {(int)response.StatusCode}");
        }

        if (!string.Equals(response.Content.Headers.ContentType?.MediaType, MediaType, StringComparison.OrdinalIgnoreCase)
            || response.Content.Headers.ContentEncoding.Count > 0)
        {
            return TxtAnswer.Failed(TxtError.Malformed, $"{Server} answered with something else than {MediaType}");
        }

        return response.Content.Headers.ContentLength > DnsConstants.MaxMessageLength ? TooLong() : null;
    }

    private async Task<Reply> ReadBodyAsync(Stream body, DnsQuery query, TimeSpan age, CancellationToken cancellationToken)
    {
        var message = new ArrayBufferWriter<byte>(FirstBufferLength);
        int read;
        while ((read = await body.ReadAsync(message.GetMemory(), cancellationToken).ConfigureAwait(false)) > 0)
        {
            message.Advance(read);
            if (message.WrittenCount > DnsConstants.MaxMessageLength)
            {
                return new Reply([], TimeSpan.Zero, TooLong());
            }
        }

        return query.IsAnsweredBy(message.WrittenSpan)
            ? new Reply(message.WrittenSpan.ToArray(), age, null)
            : new Reply([], TimeSpan.Zero, TxtAnswer.Failed(TxtError.Malformed, $"{Server} answered, and not to the question"));
    }

    private TxtAnswer Read(Reply reply)
    {
        var answer = TxtResponseReader.Read(reply.Message, Server);

        // RFC 8484, section 5.1: the time that an HTTP cache has kept the answer is gone from its TTL.
        return answer.Succeeded && reply.Age > TimeSpan.Zero
            ? TxtAnswer.Found(answer.Texts, answer.TimeToLive > reply.Age ? answer.TimeToLive - reply.Age : TimeSpan.Zero)
            : answer;
    }

    private TxtAnswer TooLong() => TxtAnswer.Failed(TxtError.Malformed, $"{Server} answered with more than a DNS message can hold");

    private readonly record struct Reply(byte[] Message, TimeSpan Age, TxtAnswer? Failure);
}
