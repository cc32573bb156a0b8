using System.Net.Mime;
using Microsoft.Net.Http.Headers;
using OriginGuard.Sample.Attempts;
using OriginGuard.Sample.Endpoints;
using OriginGuard.Sample.Simulated;

namespace OriginGuard.Sample.Page;

/// <summary>The page, its files, and the attempts behind its buttons.</summary>
internal static class PageEndpoints
{
    private const string SecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void MapPage(this WebApplication app, Simulation? simulation)
    {
        app.MapGet("/", context => AnswerAsync(context, simulation, null));
        MapFile(app, "page.css", "text/css; charset=utf-8");
        MapFile(app, "page.js", "text/javascript; charset=utf-8");
        MapFile(app, "icon.svg", "image/svg+xml");
        if (simulation is not null)
        {
            // POST, so that nothing plays by being prefetched. What can be played is fixed: this is no way to make the origin send requests.
            app.MapPost("/try/{attempt}", context => TryAsync(context, simulation));
        }
    }

    private static async Task TryAsync(HttpContext context, Simulation simulation)
    {
        var attempt = AttemptCatalogue.For(simulation).FirstOrDefault(attempt => attempt.Id.Equals(context.GetRouteValue("attempt") as string, StringComparison.Ordinal));
        if (attempt is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var time = context.RequestServices.GetRequiredService<TimeProvider>();
        var result = await new AttemptPlayer(simulation, time).PlayAsync(attempt, context.RequestAborted);
        await (WantsPage(context.Request)
            ? AnswerAsync(context, simulation, result)
            : context.Response.WriteAsJsonAsync(result, SampleJson.Default.AttemptResult, cancellationToken: context.RequestAborted));
    }

    private static bool WantsPage(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(static type => type.MediaType.Equals(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase));

    private static Task AnswerAsync(HttpContext context, Simulation? simulation, AttemptResult? result)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = SecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(HomePage.Render(context, simulation, result).ToString(), context.RequestAborted);
    }

    private static void MapFile(WebApplication app, string name, string contentType)
    {
        using var file = typeof(PageEndpoints).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program was built without its file {name}.");
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        app.MapGet($"/{name}", context =>
        {
            context.Response.ContentType = contentType;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers[HeaderNames.CacheControl] = "no-cache";
            return context.Response.WriteAsync(text, context.RequestAborted);
        });
    }
}
