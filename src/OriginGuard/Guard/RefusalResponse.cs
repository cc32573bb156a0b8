using Microsoft.AspNetCore.Http;
using OriginGuard.Checks;

namespace OriginGuard.Guard;

/// <summary>Answers a request that is not admitted: problem details (RFC 9457), written once per reason and then only copied.</summary>
internal sealed class RefusalResponse(int statusCode, bool includeReason, bool abort)
{
    private const string RetryAfterSeconds = "5";

    private readonly byte[]?[] _bodies = new byte[]?[Enum.GetValues<RefusalReason>().Length];

    public Task WriteAsync(HttpContext context, OriginVerdict verdict)
    {
        var undetermined = verdict.Outcome is not OriginOutcome.Refused;
        var response = context.Response;
        if (response.HasStarted || (abort && !undetermined))
        {
            context.Abort();
            return Task.CompletedTask;
        }

        response.StatusCode = undetermined ? StatusCodes.Status503ServiceUnavailable : statusCode;
        var body = _bodies[(int)verdict.Reason] ??= ProblemJson.Write(response.StatusCode, "reason", includeReason ? verdict.Reason.ToCode() : null);
        response.ContentType = ProblemJson.ContentType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        if (undetermined)
        {
            response.Headers.RetryAfter = RetryAfterSeconds;
        }

        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
