using System.Net;
using System.Text.Json;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Field;

/// <summary>Sends requests through the load balancer to the origin's diagnostics, which say how each of them arrived.</summary>
/// <param name="diagnostics">Their address, as a browser would open it.</param>
/// <param name="token">For IAP, as an <c>Authorization: Bearer</c>; null for none.</param>
/// <param name="timeout">For one request.</param>
/// <param name="context">The surroundings.</param>
internal sealed class FrontDoor(Uri diagnostics, string? token, TimeSpan timeout, ToolContext context)
{
    private const int MaxBody = 1024 * 1024;

    public async Task<Passage> SendAsync(IReadOnlyList<HeaderLine> lines, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var client = CreateClient(lines);
            using var request = new HttpRequestMessage(HttpMethod.Get, diagnostics) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            request.Headers.TryAddWithoutValidation("Accept", "application/json");
            request.Headers.TryAddWithoutValidation(RawLines.Mark, "1");
            if (token is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
            }

            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var status = (int)response.StatusCode;
            return status == 200 && await ReadAsync(response, either.Token) is { } view ? new Passage(status, view, "arrived")
                : await GuardAnswer.ReadAsync(response, either.Token) is { } answer ? new Passage(status, null, Explain(status, answer), IsNotAdmitted: true)
                : new Passage(status, null, Explain(status));
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is HttpRequestException or IOException or OperationCanceledException)
        {
            return new Passage(null, null, failure is OperationCanceledException ? $"no answer within {timeout.TotalSeconds:0} s" : $"no answer ({(failure as HttpRequestException)?.HttpRequestError})");
        }
    }

    // One connection for each request: the lines belong to it alone.
    private static HttpClient CreateClient(IReadOnlyList<HeaderLine> lines) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        PlaintextStreamFilter = (connection, _) => ValueTask.FromResult<Stream>(new RawLines(connection.PlaintextStream, lines)),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private static async Task<OriginView?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaxBody];
        var length = await stream.ReadAtLeastAsync(buffer, MaxBody, throwOnEndOfStream: false, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(buffer.AsSpan(0, length), OriginViewJson.Default.OriginView);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Explain(int status, GuardAnswer answer) => answer switch
    {
        { IsOfDiagnostics: true } => $"{status}: the guard let it through and did not admit it",
        { Reason.Length: > 0 } => $"{status}: not admitted by the guard ({answer.Reason})",
        _ => $"{status}: not admitted by the guard",
    };

    private static string Explain(int status) => status switch
    {
        200 => "200, but not the guard's diagnostics, or those of an older version",
        >= 300 and < 400 => $"{status}, a redirect: IAP may want a sign-in (--token-file)",
        401 => "401: IAP or the application wants another token (--token-file)",
        403 => "403: refused, and not by the guard: by the load balancer, IAP or the application",
        404 => "404: the diagnostics are not mapped there",
        431 => "431: more headers than the load balancer or the origin takes",
        _ => $"{status}",
    };
}
