using OriginGuard.Sample.Endpoints;
using OriginGuard.Sample.Page;
using OriginGuard.Sample.Simulated;

namespace OriginGuard.Sample;

/// <summary>The application behind the guard.</summary>
internal static class GuardedOrigin
{
    public static WebApplication Build(WebApplicationBuilder builder, Simulation? simulation)
    {
        builder.Services.AddOriginGuard(builder.Configuration);
        builder.Services.AddHealthChecks().AddOriginGuard();

        var app = builder.Build();
        app.UseOriginGuard();
        app.MapGet("/whoami", WhoAmIEndpoint.AnswerAsync);
        app.MapGet("/healthz", static context => context.Response.WriteAsync("ok\n", context.RequestAborted)).AllowDirectAccess();
        app.MapHealthChecks("/health", HealthEndpoint.Options).AllowDirectAccess();
        app.MapOriginGuardDiagnostics();
        app.MapPage(simulation);
        return app;
    }
}
