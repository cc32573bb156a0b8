using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OriginGuard.Sample.Endpoints;

internal static class HealthEndpoint
{
    public static HealthCheckOptions Options { get; } = new() { ResponseWriter = AnswerAsync };

    private static Task AnswerAsync(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(HealthAnswer.Of(report), SampleJson.Default.HealthAnswer, cancellationToken: context.RequestAborted);
}
