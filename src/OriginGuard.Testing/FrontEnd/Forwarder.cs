using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OriginGuard.Testing.Headers;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>Takes a client's request, hands it to the origin as the load balancer would, and the answer back.</summary>
internal sealed class Forwarder(HeaderNormalizer normalizer, OriginClient origin, IPAddress? clientAddress)
{
    public async Task ForwardAsync(HttpContext context)
    {
        var aborted = context.RequestAborted;
        try
        {
            using var request = CreateRequest(context);
            using var response = await origin.SendAsync(request, aborted).ConfigureAwait(false);
            await AnswerAsync(context, response).ConfigureAwait(false);
        }
        catch (Exception) when (aborted.IsCancellationRequested)
        {
            // The client went away, and with it its request to the origin: nobody is left to answer.
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            await FailAsync(context).ConfigureAwait(false);
        }
    }

    private static async Task AnswerAsync(HttpContext context, HttpResponseMessage response)
    {
        CopyHeaders(context.Response, response);
        if (response.StatusCode is HttpStatusCode.SwitchingProtocols)
        {
            await UpgradedConnection.RunAsync(context, response).ConfigureAwait(false);
            return;
        }

        await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(context.RequestAborted).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            await body.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static void CopyHeaders(HttpResponse answer, HttpResponseMessage response)
    {
        answer.StatusCode = (int)response.StatusCode;
        var dropped = HopByHop.In(response.Headers.NonValidated.TryGetValues("Connection", out var connection) ? connection : []);
        foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
        {
            if (!dropped.Contains(name))
            {
                answer.Headers[name] = values.ToArray();
            }
        }

        // Seen on responses of every Google load balancer.
        answer.Headers.Append("Via", "1.1 google");
    }

    // Documented: an origin that cannot be reached answers 502. When the answer has begun already, only the connection can tell.
    private static async Task FailAsync(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        context.Response.StatusCode = StatusCodes.Status502BadGateway;
        context.Response.ContentType = "text/plain";
        await context.Response.WriteAsync("The simulated load balancer got no answer from the origin.\n", context.RequestAborted).ConfigureAwait(false);
    }

    private HttpRequestMessage CreateRequest(HttpContext context)
    {
        var target = PathAndQuery(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        var client = clientAddress ?? context.Connection.RemoteIpAddress ?? IPAddress.Loopback;
        var lines = normalizer.Normalize(Lines(context.Request.Headers), AskedFor(context.Request, target), client);
        var request = origin.CreateRequest(context.Request.Method, target, lines, Body(context));
        if (origin.CanUpgrade && IsWebSocket(context))
        {
            request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
            request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        }

        return request;
    }

    private static IEnumerable<KeyValuePair<string, string>> Lines(IHeaderDictionary headers) =>
        headers.SelectMany(field => field.Value.Select(value => new KeyValuePair<string, string>(field.Key, value ?? "")));

    private static ForwardedBody? Body(HttpContext context)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            return null;
        }

        var body = new ForwardedBody(context.Request.Body);
        body.Headers.ContentLength = context.Request.ContentLength;
        return body;
    }

    private static bool IsWebSocket(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        && context.Request.Headers.Upgrade.Any(static value => "websocket".Equals(value, StringComparison.OrdinalIgnoreCase));

    /// <summary>The target in origin form. A client may also send it as a whole URL, or as the <c>*</c> of OPTIONS.</summary>
    private static string PathAndQuery(string target)
    {
        if (target.StartsWith('/'))
        {
            return target;
        }

        var asWritten = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        return Uri.TryCreate(target, asWritten, out var uri) && uri.PathAndQuery.StartsWith('/') ? uri.PathAndQuery : "/";
    }

    private static Uri AskedFor(HttpRequest request, string target) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host.Value}{target}", UriKind.Absolute, out var uri)
            ? uri
            : new Uri($"{request.Scheme}://localhost/");
}
