using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using OriginGuard.ForeignText;
using OriginGuard.Ranges;
using OriginGuard.Tool.Formats;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Ranges;

/// <summary>Resolves again and again at the guard's own pace, and prints what has changed. A failure keeps what was printed last.</summary>
internal sealed class RangeWatch(RangeLookup lookup, SourceAddressOptions limits, ToolContext context, bool asJson)
{
    private IReadOnlyList<IPNetwork> _known = [];
    private int _failures;

    /// <exception cref="ToolFailure">The first resolution fails.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var delay = await ShowAsync(await lookup.LoadAsync(cancellationToken));
            while (true)
            {
                using (context.Progress.During($"{_known.Count} networks; asked again in {delay.TotalSeconds:0} s; Ctrl+C ends it"))
                {
                    await Task.Delay(delay, context.Time, cancellationToken);
                }

                delay = await TurnAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (_known.Count > 0)
        {
            // The way a watch ends.
            return ExitCode.Ok;
        }
    }

    private async Task<TimeSpan> TurnAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ShowAsync(await lookup.LoadAsync(cancellationToken));
        }
        catch (ToolFailure failure)
        {
            _failures++;
            await context.NoteAsync($"{Now} {PrintableText.From(failure.Message)}; still {_known.Count} networks");
            return RefreshSchedule.AfterFailure(_failures, limits.MaxAge, limits);
        }
    }

    private async Task<TimeSpan> ShowAsync(RangeSet ranges)
    {
        _failures = 0;
        IPNetwork[] added = [.. ranges.Networks.Except(_known)];
        IPNetwork[] removed = [.. _known.Except(ranges.Networks)];
        _known = ranges.Networks;
        if (added.Length + removed.Length > 0)
        {
            await context.PrintAsync(asJson ? Json(added, removed) : Text(added, removed));
        }

        return RefreshSchedule.AfterSuccess(ranges.TimeToLive, limits);
    }

    private string Now => context.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private string Text(IPNetwork[] added, IPNetwork[] removed) => string.Concat(
        added.Select(network => $"{Now} {context.Colors.Good("+")} {network}\n").Concat(removed.Select(network => $"{Now} {context.Colors.Bad("-")} {network}\n")));

    // One document to a line.
    private string Json(IPNetwork[] added, IPNetwork[] removed) => new JsonObject
    {
        ["at"] = Now,
        ["added"] = Names(added),
        ["removed"] = Names(removed),
        ["networks"] = _known.Count,
    }.ToJsonString() + "\n";

    private static JsonArray Names(IPNetwork[] networks) => [.. networks.Select(network => JsonValue.Create(network.ToString()))];
}
