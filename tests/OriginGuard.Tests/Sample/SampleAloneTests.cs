using System.Net;
using Xunit;

namespace OriginGuard.Tests.Sample;

public sealed class SampleAloneTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("originguard-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Is_configured_by_the_file_beside_the_program_and_follows_its_changes()
    {
        Configure("127.0.0.1/32");
        await using var sample = await StartAsync();
        Assert.Null(sample.Host.Simulation);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(sample));

        Configure("127.0.0.9/32");
        await UntilAsync(sample, HttpStatusCode.Forbidden);

        Configure("127.0.0.0/8");
        await UntilAsync(sample, HttpStatusCode.OK);
    }

    [Fact]
    public async Task Lets_the_command_line_win_over_the_file()
    {
        Configure("127.0.0.1/32");
        await using var sample = await StartAsync("--OriginGuard:SourceAddress:Networks:0=127.0.0.9/32");

        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(sample));
    }

    [Fact]
    public async Task Hangs_up_on_strangers_with_a_connection_guard()
    {
        Configure("127.0.0.1/32");
        await using var sample = await StartAsync("--Sample:ConnectionGuard=true");
        Assert.Equal(HttpStatusCode.OK, await AskAsync(sample));

        Configure("127.0.0.9/32");

        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        await Assert.ThrowsAsync<HttpRequestException>(async () =>
        {
            while (!patience.IsCancellationRequested)
            {
                await AskAsync(sample);
            }
        });
    }

    [Fact]
    public async Task Plays_no_attempts()
    {
        Configure("127.0.0.1/32");
        await using var sample = await StartAsync();

        using var attempt = await sample.SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(sample.Around, "/try/around")));
        using var page = await sample.GetAsync(sample.Around, "/");

        Assert.Equal(HttpStatusCode.NotFound, attempt.StatusCode);
        Assert.DoesNotContain("/try/", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private void Configure(params string[] networks) => File.WriteAllText(Path.Combine(_folder, "appsettings.json"), $$"""
        {
          "Sample": { "Simulator": false },
          "OriginGuard": { "SourceAddress": { "RecordNames": [], "Networks": [{{string.Join(", ", networks.Select(static network => $"\"{network}\""))}}] } }
        }
        """);

    private Task<RunningSample> StartAsync(params string[] args) => RunningSample.StartAsync(_folder, null, args);

    private static async Task<HttpStatusCode> AskAsync(RunningSample sample)
    {
        using var response = await sample.GetAsync(sample.Around, "/whoami");
        return response.StatusCode;
    }

    /// <summary>A real file watcher tells of the change, when it does: asks until then.</summary>
    private static async Task UntilAsync(RunningSample sample, HttpStatusCode expected)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (await AskAsync(sample) != expected)
        {
            Assert.False(patience.IsCancellationRequested, $"The changed file did not lead to {expected}.");
        }
    }
}
