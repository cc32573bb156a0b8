using System.Text;
using Microsoft.AspNetCore.Http;
using OriginGuard.Checks;

namespace OriginGuard.Guard;

/// <summary>
/// Answers a request that is not admitted: problem details (RFC 9457), or a small page for a browser, which begins its Accept with HTML. Both are written once per
/// reason and then only copied; a reference is put in where it belongs.
/// </summary>
internal sealed class RefusalResponse(int statusCode, bool includeReason, bool abort)
{
    private const string RetryAfterSeconds = "5";
    private const string Page = "text/html";

    private readonly RefusalBody?[] _problems = new RefusalBody?[Enum.GetValues<RefusalReason>().Length];
    private readonly RefusalBody?[] _pages = new RefusalBody?[Enum.GetValues<RefusalReason>().Length];

    public Task WriteAsync(HttpContext context, OriginVerdict verdict, string? reference)
    {
        var undetermined = verdict.Outcome is not OriginOutcome.Refused;
        var response = context.Response;
        if (response.HasStarted || (abort && !undetermined))
        {
            context.Abort();
            return Task.CompletedTask;
        }

        response.StatusCode = undetermined ? StatusCodes.Status503ServiceUnavailable : statusCode;
        var isBrowser = context.Request.Headers.Accept is [{ } accepted, ..] && accepted.StartsWith(Page, StringComparison.OrdinalIgnoreCase);
        var body = (isBrowser ? PageOf(verdict.Reason, response.StatusCode) : ProblemOf(verdict.Reason, response.StatusCode)).With(reference);
        response.ContentType = isBrowser ? $"{Page}; charset=utf-8" : ProblemJson.ContentType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        if (isBrowser)
        {
            (response.Headers.ContentSecurityPolicy, response.Headers.XContentTypeOptions) = ("default-src 'none'; frame-ancestors 'none'", "nosniff");
        }

        if (undetermined)
        {
            response.Headers.RetryAfter = RetryAfterSeconds;
        }

        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private RefusalBody ProblemOf(RefusalReason reason, int status) => _problems[(int)reason] ??= new RefusalBody(
        ProblemJson.Write(status, "reason", includeReason ? reason.ToCode() : null, Pages.IsAddress ? includeReason ? Pages.Of(reason) : Pages.NotAdmitted : "about:blank"),
        "}"u8, ",\"reference\":\""u8, "\"}"u8);

    private RefusalBody PageOf(RefusalReason reason, int status) => _pages[(int)reason] ??= new RefusalBody(
        Encoding.UTF8.GetBytes(RefusalPage.Render(status, includeReason ? reason.ToCode() : null)), RefusalPage.End, RefusalPage.BeforeReference, RefusalPage.AfterReference);
}
