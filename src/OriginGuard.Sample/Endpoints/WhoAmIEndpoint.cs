namespace OriginGuard.Sample.Endpoints;

internal static class WhoAmIEndpoint
{
    public static Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(WhoAmI.Of(context), SampleJson.Default.WhoAmI, cancellationToken: context.RequestAborted);
    }
}
