using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace OriginGuard.Tests.Compatibility;

/// <summary>The parts of ASP.NET Core that answer and those that stand between: through the load balancer they work, around it they are not reached.</summary>
public sealed class FrameworkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Minimal_apis_answer_through_the_load_balancer_only()
    {
        await using var scene = await CompatibilityScene.StartAsync(static app => app.MapGet("/", static () => new { Answer = 42 }));

        await AnswersOnlyThroughAsync(scene, "/", "{\"answer\":42}");
    }

    [Fact]
    public async Task Mvc_controllers_answer_through_the_load_balancer_only()
    {
        await using var scene = await CompatibilityScene.StartAsync(
            static app => app.MapControllers(), static services => services.AddControllers().AddApplicationPart(typeof(AnswerController).Assembly));

        await AnswersOnlyThroughAsync(scene, "/answer", "42");
    }

    [Fact]
    public async Task A_controller_exempts_itself_by_its_attribute()
    {
        await using var scene = await CompatibilityScene.StartAsync(
            static app => app.MapControllers(), static services => services.AddControllers().AddApplicationPart(typeof(AnswerController).Assembly));

        Assert.Equal("alive", await scene.Around.GetStringAsync(new Uri("/answer/probe", UriKind.Relative), Token));
    }

    [Fact]
    public async Task Blazor_pages_answer_through_the_load_balancer_only()
    {
        await using var scene = await CompatibilityScene.StartAsync(
            static app =>
            {
                app.UseAntiforgery();
                app.MapRazorComponents<BlazorRoot>();
            },
            static services => services.AddRazorComponents());

        await AnswersOnlyThroughAsync(scene, "/blazor-page", "from a component");
    }

    [Fact]
    public async Task A_preflight_is_a_request_like_any_other()
    {
        await using var scene = await CompatibilityScene.StartAsync(
            static app =>
            {
                app.UseCors();
                app.MapPut("/", static () => "put");
            },
            static services => services.AddCors(static cors => cors.AddDefaultPolicy(static policy => policy.WithOrigins("https://www.example.test").AllowAnyMethod())));

        using var through = await scene.Through.SendAsync(Preflight(), Token);
        using var around = await scene.Around.SendAsync(Preflight(), Token);

        Assert.Equal(HttpStatusCode.NoContent, through.StatusCode);
        Assert.Equal("https://www.example.test", Assert.Single(through.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal(HttpStatusCode.Forbidden, around.StatusCode);
        Assert.False(around.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Answers_are_compressed_and_a_refusal_stays_readable()
    {
        await using var scene = await CompatibilityScene.StartAsync(
            static app =>
            {
                app.UseResponseCompression();
                app.MapGet("/", static () => new string('x', 10_000));
            },
            static services => services.AddResponseCompression());
        scene.Through.DefaultRequestHeaders.Add("Accept-Encoding", "gzip");
        scene.Around.DefaultRequestHeaders.Add("Accept-Encoding", "gzip");

        using var through = await scene.Through.GetAsync(new Uri("/", UriKind.Relative), Token);
        using var around = await scene.Around.GetAsync(new Uri("/", UriKind.Relative), Token);

        Assert.Equal("gzip", Assert.Single(through.Content.Headers.ContentEncoding));
        Assert.Equal(HttpStatusCode.Forbidden, around.StatusCode);
        Assert.Contains("\"status\":403", await around.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cached_answer_is_not_given_to_whoever_goes_around()
    {
        var made = 0;
        await using var scene = await CompatibilityScene.StartAsync(
            app =>
            {
                app.UseOutputCache();
                app.MapGet("/", () => $"made {Interlocked.Increment(ref made)}").CacheOutput();
            },
            static services => services.AddOutputCache());

        for (var i = 0; i < 2; i++)
        {
            await AnswersOnlyThroughAsync(scene, "/", "made 1");
        }
    }

    private static async Task AnswersOnlyThroughAsync(CompatibilityScene scene, string path, string expected)
    {
        using var through = await scene.Through.GetAsync(new Uri(path, UriKind.Relative), Token);
        using var around = await scene.Around.GetAsync(new Uri(path, UriKind.Relative), Token);

        Assert.Equal(HttpStatusCode.OK, through.StatusCode);
        Assert.Contains(expected, await through.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, around.StatusCode);
        Assert.Equal("application/problem+json", around.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain(expected, await around.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    private static HttpRequestMessage Preflight() => new(HttpMethod.Options, "/")
    {
        Headers = { { "Origin", "https://www.example.test" }, { "Access-Control-Request-Method", "PUT" } },
    };
}
