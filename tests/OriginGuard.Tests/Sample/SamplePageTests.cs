using System.Net;
using Xunit;

namespace OriginGuard.Tests.Sample;

public class SamplePageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tells_the_layers_in_plain_words_under_a_strict_policy()
    {
        await using var sample = await RunningSample.StartAsync();

        using var page = await sample.GetAsync(sample.Through, "/");
        var text = await page.Content.ReadAsStringAsync(Stop);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("You came through the load balancer", text, StringComparison.Ordinal);
        Assert.Contains("The peer 127.0.0.2 lies in 127.0.0.2/32", text, StringComparison.Ordinal);
        Assert.DoesNotContain(sample.Simulation.Secret, text, StringComparison.Ordinal);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_refused_around_the_load_balancer_with_its_files_and_attempts()
    {
        await using var sample = await RunningSample.StartAsync();

        foreach (var path in (string[])["/", "/page.css", "/page.js", "/icon.svg"])
        {
            using var around = await sample.GetAsync(sample.Around, path);
            using var through = await sample.GetAsync(sample.Through, path);
            Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (around.StatusCode, through.StatusCode));
        }

        using var attempt = await sample.SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(sample.Around, "/try/around")));
        Assert.Equal(HttpStatusCode.Forbidden, attempt.StatusCode);
    }

    [Fact]
    public async Task Shows_the_layers_as_the_diagnostics_tell_them()
    {
        await using var sample = await RunningSample.StartAsync();

        using var page = await sample.GetAsync(sample.Through, "/");
        var text = WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(Stop));
        var diagnosis = await sample.ReadAsync(sample.Through, "/_originguard");
        using var around = await sample.GetAsync(sample.Around, "/_originguard");

        Assert.All(diagnosis.GetProperty("layers").EnumerateArray(), layer => Assert.Contains(layer.GetProperty("explanation").GetString()!, text, StringComparison.Ordinal));
        Assert.Equal("admitted", diagnosis.GetProperty("request").GetProperty("verdict").GetString());
        Assert.DoesNotContain(sample.Simulation.Secret, diagnosis.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, around.StatusCode);
    }

    [Fact]
    public async Task Encodes_what_the_caller_wrote()
    {
        await using var sample = await RunningSample.StartAsync("--OriginGuard:Mode=ReportOnly");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(sample.Through, "/"));
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "<img src=x onerror=alert(1)>");
        request.Headers.TryAddWithoutValidation("X-Note", "\"'&<script>alert(2)</script>");

        using var response = await sample.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync(Stop);

        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", text, StringComparison.Ordinal);
        Assert.Contains("&quot;&#x27;&amp;&lt;script&gt;", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plays_an_attempt_for_programs_and_for_people()
    {
        await using var sample = await RunningSample.StartAsync();

        var json = await TryAsync(sample, "two-secrets", "application/json");
        var page = await TryAsync(sample, "two-secrets", "text/html");

        Assert.Contains("\"seen\":\"403 secret.multiple\"", json, StringComparison.Ordinal);
        Assert.Contains("403 secret.multiple</strong>", page, StringComparison.Ordinal);
        Assert.DoesNotContain(sample.Simulation.Secret, json + page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/try/http:%2F%2Fexample.com", HttpStatusCode.NotFound)]
    [InlineData("POST", "/try/Around", HttpStatusCode.NotFound)]
    [InlineData("GET", "/try/around", HttpStatusCode.MethodNotAllowed)]
    public async Task Plays_nothing_that_is_not_in_the_catalogue(string method, string path, HttpStatusCode expected)
    {
        await using var sample = await RunningSample.StartAsync();

        using var response = await sample.SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(sample.Through, path)));

        Assert.Equal(expected, response.StatusCode);
    }

    private static async Task<string> TryAsync(RunningSample sample, string attempt, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(sample.Through, $"/try/{attempt}"));
        request.Headers.Accept.ParseAdd(accept);
        using var response = await sample.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Stop);
    }
}
