using System.Buffers.Text;
using System.Text.Json;
using OriginGuard.SharedSecret;
using Xunit;

namespace OriginGuard.Tests.Tool;

public sealed class SecretCommandTests
{
    [Fact]
    public async Task Makes_32_random_bytes_that_the_guard_accepts()
    {
        var first = await MakeAsync();
        var second = await MakeAsync();

        Assert.Equal(32, Base64Url.DecodeFromChars(first.GetProperty("secret").GetString()).Length);
        Assert.Null(SecretText.Problem(first.GetProperty("secret").GetString()!));
        Assert.NotEqual(first.GetProperty("secret").GetString(), second.GetProperty("secret").GetString());
    }

    [Theory]
    [InlineData(16)]
    [InlineData(512)]
    public async Task Any_length_that_it_takes_is_a_secret_that_the_guard_takes(int bytes)
    {
        var secret = (await MakeAsync("--bytes", $"{bytes}")).GetProperty("secret").GetString()!;

        Assert.Equal(bytes, Base64Url.DecodeFromChars(secret).Length);
        Assert.Null(SecretText.Problem(secret));
    }

    [Fact]
    public async Task Prints_the_secret_first_and_then_how_it_gets_to_both_sides()
    {
        var run = await ToolRun.StartAsync("secret", "--backend-service", "origin-backend", "--header", "X-Door");

        var secret = run.Output.Split('\n')[0];
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains($"OriginGuard__SharedSecret__Secrets__0={secret}\n", run.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"gcloud compute backend-services update origin-backend --global --custom-request-header='X-Door: {secret}'\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("sets the whole list", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("Accept-Language")]
    [InlineData("traceparent")]
    public async Task A_header_that_others_need_is_not_installed(string header)
    {
        var run = await ToolRun.StartAsync("secret", "--header", header);

        Assert.NotEqual(0, run.Code);
        Assert.Contains("cannot carry a secret", run.Error + run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_name_that_a_shell_would_obey_stays_a_name()
    {
        var json = await MakeAsync("--header", "X-$HOME-`id`-'x");

        Assert.Contains(@"--custom-request-header='X-$HOME-`id`-'\''x: ", json.GetProperty("install").GetString(), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> MakeAsync(params string[] more)
    {
        var run = await ToolRun.StartAsync(["secret", "--json", .. more]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        using var json = JsonDocument.Parse(run.Output);
        return json.RootElement.Clone();
    }
}
