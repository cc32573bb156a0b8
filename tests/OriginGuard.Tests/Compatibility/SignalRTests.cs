using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Compatibility;

public sealed class SignalRTests
{
    private const string End = "\u001e";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hub_sees_the_feature_but_for_long_polling()
    {
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), static services => services.AddSignalR(), static app =>
        {
            app.UseOriginGuard();
            app.MapHub<WhoHub>("/hub");
        });
        using var client = SimulatedLoadBalancer.CreateClient(app.Server, new() { CustomRequestHeaders = [new("X-Origin-Guard", GuardedApp.Secret)] });

        Assert.Equal("Admitted", await AskByEventsAsync(client));
        Assert.Equal("no feature", await AskByPollingAsync(client));
    }

    private static async Task<string?> AskByEventsAsync(HttpClient client)
    {
        var hub = await NegotiateAsync(client);
        using var request = new HttpRequestMessage(HttpMethod.Get, hub) { Headers = { { "Accept", "text/event-stream" } } };
        using var events = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        using var reader = new StreamReader(await events.Content.ReadAsStreamAsync(Token));
        await InvokeAsync(client, hub);
        var seen = new StringBuilder();
        while (ResultIn(seen.ToString()) is null && await reader.ReadLineAsync(Token) is { } line)
        {
            seen.Append(line.StartsWith("data: ", StringComparison.Ordinal) ? line[6..] : "");
        }

        return ResultIn(seen.ToString());
    }

    private static async Task<string?> AskByPollingAsync(HttpClient client)
    {
        var hub = await NegotiateAsync(client);
        await client.GetStringAsync(hub, Token); // the first one opens the connection
        await InvokeAsync(client, hub);
        var seen = "";
        while (ResultIn(seen) is null)
        {
            seen += await client.GetStringAsync(hub, Token);
        }

        await client.DeleteAsync(hub, Token);
        return ResultIn(seen);
    }

    private static async Task<Uri> NegotiateAsync(HttpClient client)
    {
        var answer = await client.PostAsync(new Uri("/hub/negotiate?negotiateVersion=1", UriKind.Relative), null, Token);
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("connectionToken").GetString()!;
        return new Uri($"/hub?id={Uri.EscapeDataString(token)}", UriKind.Relative);
    }

    private static async Task InvokeAsync(HttpClient client, Uri hub)
    {
        foreach (var message in (string[])["""{"protocol":"json","version":1}""", $$"""{"type":1,"invocationId":"1","target":"{{nameof(WhoHub.Verdict)}}","arguments":[]}"""])
        {
            using var content = new StringContent(message + End);
            (await client.PostAsync(hub, content, Token)).EnsureSuccessStatusCode();
        }
    }

    private static string? ResultIn(string messages) => messages.Split(End, StringSplitOptions.RemoveEmptyEntries)
        .Where(static message => message.Contains("\"result\"", StringComparison.Ordinal) && message.EndsWith('}'))
        .Select(static message => JsonDocument.Parse(message).RootElement.GetProperty("result").GetString()).FirstOrDefault();

    internal sealed class WhoHub : Hub
    {
        public string Verdict() => Context.GetHttpContext()?.Features.Get<IOriginGuardFeature>()?.Verdict.Outcome.ToString() ?? "no feature";
    }
}
