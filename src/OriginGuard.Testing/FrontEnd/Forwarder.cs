using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using OriginGuard.Testing.Headers;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>Takes a client's request, hands it to the origin as the load balancer would, and the answer back.</summary>
internal sealed class Forwarder(HeaderNormalizer normalizer, IOriginClient origin, LoadBalancerKind kind, IPAddress? clientAddress)
{
    private Exception? _failure;

    /// <summary>What a test's own code threw first, once.</summary>
    public Exception? TakeFailure() => Interlocked.Exchange(ref _failure, null);

    public async Task ForwardAsync(HttpContext context)
    {
        var aborted = context.RequestAborted;
        try
        {
            if (RequestSize.Complaint(kind, TargetOf(context), Lines(context.Request.Headers)) is { } complaint)
            {
                await SayAsync(context, StatusCodes.Status431RequestHeaderFieldsTooLarge, complaint).ConfigureAwait(false);
                return;
            }

            if (context.Request.Headers.Keys.FirstOrDefault(static name => !CustomHeaderRules.IsToken(name)) is { } name)
            {
                await SayAsync(context, StatusCodes.Status400BadRequest, $"The simulated load balancer takes no header with the name {name}: it is no token (RFC 9110, 5.6.2).\n").ConfigureAwait(false);
                return;
            }

            if (!TryCreateRequest(context, out var request, out var failure))
            {
                await SayAsync(
                    context, StatusCodes.Status500InternalServerError, $"{nameof(SimulatedLoadBalancerOptions.IapAssertion)} threw {failure.GetType()}: {failure.Message}\n").ConfigureAwait(false);
                return;
            }

            var answer = await origin.SendAsync(request, aborted).ConfigureAwait(false);
            await using (answer.ConfigureAwait(false))
            {
                await AnswerAsync(context, answer).ConfigureAwait(false);
            }
        }
        catch (Exception) when (aborted.IsCancellationRequested)
        {
            // The client went away, and with it its request to the origin: nobody is left to answer.
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException and not BadHttpRequestException)
        {
            await FailAsync(context, exception).ConfigureAwait(false);
        }
    }

    private static async Task AnswerAsync(HttpContext context, OriginAnswer answer)
    {
        CopyHeaders(context.Response, answer);
        if (answer.Status is StatusCodes.Status101SwitchingProtocols)
        {
            context.Response.Headers.Upgrade = "websocket";
            var client = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync().ConfigureAwait(false);
            await answer.JoinAsync(client, context.RequestAborted).ConfigureAwait(false);
            return;
        }

        // The head goes out now: the first piece of the body may be long in coming.
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        await answer.CopyBodyAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
    }

    private static void CopyHeaders(HttpResponse response, OriginAnswer answer)
    {
        response.StatusCode = answer.Status;
        var dropped = HopByHop.In(
            answer.Lines.Where(line => line.Key.Equals("Connection", StringComparison.OrdinalIgnoreCase)).Select(line => line.Value));
        foreach (var (name, value) in answer.Lines.Where(line => !dropped.Contains(line.Key)))
        {
            response.Headers[name] = StringValues.Concat(response.Headers[name], value);
        }

        // Seen on the responses of Google's load balancers.
        response.Headers.Append("Via", "1.1 google");
    }

    // Documented: an origin that cannot be reached answers 502. When the answer has begun already, only the connection can tell.
    private static async Task FailAsync(HttpContext context, Exception exception)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        await SayAsync(context, StatusCodes.Status502BadGateway, $"The simulated load balancer got no answer from the origin. {string.Join(' ', Messages(exception).Distinct())}\n")
            .ConfigureAwait(false);
    }

    private static Task SayAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static IEnumerable<string> Messages(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            yield return exception.Message;
        }
    }

    private static Uri AskedFor(HttpRequest request, string target) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host.Value}{target}", UriKind.Absolute, out var uri)
            ? uri
            : new Uri($"{request.Scheme}://localhost/");

    private bool TryCreateRequest(HttpContext context, [NotNullWhen(true)] out OriginRequest? request, [NotNullWhen(false)] out Exception? failure)
    {
        try
        {
            (request, failure) = (CreateRequest(context), null);
            return true;
        }
        catch (Exception exception)
        {
            // The names are tokens, and there is nothing else that the normalizer does not take: it is the delegate for assertions that throws.
            Interlocked.CompareExchange(ref _failure, exception, null);
            (request, failure) = (null, exception);
            return false;
        }
    }

    private OriginRequest CreateRequest(HttpContext context)
    {
        var request = context.Request;
        var target = PathAndQuery(TargetOf(context));
        var client = clientAddress ?? context.Connection.RemoteIpAddress ?? IPAddress.Loopback;
        return new OriginRequest
        {
            Method = request.Method,
            Target = target,
            Lines = normalizer.Normalize(Lines(request.Headers), AskedFor(request, target), client, request.Method),
            Body = context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
                ? new ClientBody(request.BodyReader, request.ContentLength)
                : null,
            IsWebSocket = origin.CanUpgrade && IsWebSocket(context),
        };
    }

    private static string TargetOf(HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    private static IEnumerable<KeyValuePair<string, string>> Lines(IHeaderDictionary headers) =>
        headers.SelectMany(field => field.Value.Select(value => new KeyValuePair<string, string>(field.Key, value ?? "")));

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
}
