using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Configuration;
using OriginGuard.Guard;

namespace OriginGuard.Diagnostics;

/// <summary>Explains the guard to whom the guard has admitted, and to nobody else.</summary>
internal static class DiagnosticsEndpoint
{
    public static Task AnswerAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.Vary = "Accept";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = DiagnosticsPage.SecurityPolicy;

        // The framework's output cache does not look at the answer's headers, and would give it to requests that were only let through.
        if (context.Features.Get<IOutputCacheFeature>() is { Context: { } cache })
        {
            cache.AllowCacheStorage = false;
        }

        // The guard's own feature and none that an application has put in its place, and Admitted alone: an exemption or a mild mode has proved nothing.
        if (context.Features.Get<IOriginGuardFeature>() is not GuardedRequest { HasPassed: true, Verdict.Outcome: OriginOutcome.Admitted } admitted)
        {
            return WithholdAsync(context);
        }

        var diagnosis = context.RequestServices.GetRequiredService<DiagnosisReader>().Read(admitted, context.Request.Query["reference"]);
        return AnswerFormat.IsPage(context.Request)
            ? WriteAsync(context, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(DiagnosticsPage.Render(diagnosis).ToString()))
            : WriteAsync(context, "application/json; charset=utf-8", JsonSerializer.SerializeToUtf8Bytes(diagnosis, DiagnosisJson.Default.Diagnosis));
    }

    private static Task WithholdAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return WriteAsync(
            context, ProblemJson.ContentType, ProblemJson.Write(StatusCodes.Status403Forbidden, "detail", AsWritten(context.Features.Get<IOriginGuardFeature>())));
    }

    private static string AsWritten(IOriginGuardFeature? feature) =>
        feature is GuardedRequest { Plan.Options.Reading: var reading } ? reading.AsWritten(WhyWithheld(feature)) : WhyWithheld(feature);

    private static string WhyWithheld(IOriginGuardFeature? feature) => feature?.Verdict.Outcome switch
    {
        null => "The diagnostics answer only behind the guard, and no guard has seen this request. Call app.UseOriginGuard() before the endpoints run.",
        OriginOutcome.Exempted => "The diagnostics answer only to a request that the guard has admitted, and it was not asked about this one: it is disabled, or this path "
            + "is exempt. Set OriginGuard:Mode to ReportOnly or Enforce, and take the exemption away.",
        _ => "The diagnostics answer only to a request that the guard admits. This one it only let through; the log says why. Come through the load balancer.",
    };

    private static Task WriteAsync(HttpContext context, string contentType, byte[] body)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
