using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>A connection that origin and client agreed to use for WebSockets: bytes pass in both directions until one side ends.</summary>
internal static class UpgradedConnection
{
    public static async Task RunAsync(HttpContext context, HttpResponseMessage response)
    {
        context.Response.Headers.Upgrade = "websocket";
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var origin = await response.Content.ReadAsStreamAsync(ended.Token).ConfigureAwait(false);
        var client = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync().ConfigureAwait(false);
        await Task.WhenAll(CopyAsync(client, origin, ended), CopyAsync(origin, client, ended)).ConfigureAwait(false);
    }

    /// <summary>Copies until <paramref name="from"/> ends, and then ends the other direction as well.</summary>
    private static async Task CopyAsync(Stream from, Stream to, CancellationTokenSource ended)
    {
        try
        {
            await from.CopyToAsync(to, ended.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Either side may end a WebSocket by dropping it; that ends this direction like an orderly end.
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
        }
    }
}
