using Microsoft.AspNetCore.Builder;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Docs;

/// <summary>The pipeline of docs/pipeline.md.</summary>
public sealed class PipelineDocs
{
    [Fact]
    public async Task Clients_are_sent_to_https_probes_are_not_and_strangers_are_refused()
    {
        await using var app = await StartAsync();

        var stranger = await app.SendAsync(GuardedApp.Stranger);
        var probe = await app.SendAsync(GuardedApp.Stranger, static request => request.Path = "/healthz");
        var plain = await app.SendAsync(GuardedApp.LoadBalancer, static request => request.Headers["X-Origin-Guard"] = GuardedApp.Secret);
        var secure = await app.SendAsync(GuardedApp.LoadBalancer, static request =>
            (request.Headers["X-Origin-Guard"], request.Headers["X-Forwarded-Proto"]) = (GuardedApp.Secret, "https"));

        Assert.Equal((403, 200, 307, 200), (stranger.Response.StatusCode, probe.Response.StatusCode, plain.Response.StatusCode, secure.Response.StatusCode));
        Assert.DoesNotContain(app.Logs.Entries, static line => line.Id.Id is 4009 or 4016);
    }

    private static Task<GuardedApp> StartAsync() => GuardedApp.StartAsync(
        GuardedApp.Settings(("ClientAddress:Restore", "true")),
        static services => services.AddHttpsRedirection(static https => https.HttpsPort = 443),
        static app =>
        {
            #region docs: order
            app.UseExceptionHandler("/error");
            app.UseOriginGuard();
            app.UseWhen(
                static context => context.Features.Get<IOriginGuardFeature>()?.Verdict.Outcome is not OriginOutcome.Exempted,
                static branch => branch.UseHttpsRedirection());
            app.UseStaticFiles();
            app.MapGet("/healthz", () => "alive").AllowDirectAccess();
            app.MapGet("/", () => "inside");
            #endregion
        });
}
