using System.Globalization;
using System.Text.Json;
using OriginGuard.References;

namespace OriginGuard.Tool.Probe;

/// <summary>Tells the guard's refusal from every other answer: it is problem details (RFC 9457) of a fixed form.</summary>
internal static class AnswerReader
{
    private const int MaxBody = 4 * 1024;

    public static async Task<(ProbeVerdict Verdict, string Explanation)> ReadAsync(
        HttpResponseMessage response, IReadOnlyCollection<int> refusedStatuses, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (await IsFromTheGuardAsync(response, cancellationToken) is { } reason)
        {
            return (ProbeVerdict.Refused, Refusal(status, reason));
        }

        return refusedStatuses.Contains(status)
            ? (ProbeVerdict.Refused, Invariant($"{status}, which you named as a refusal"))
            : (ProbeVerdict.Answered, Answer(status, response) + Way(response));
    }

    /// <summary>The reason in the guard's form, empty where it gives none; null for another answer.</summary>
    private static async Task<string?> IsFromTheGuardAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if ((status is < 400 or > 499 && status != 503)
            || response.Content.Headers.ContentType?.MediaType != "application/problem+json"
            || response.Headers.CacheControl?.NoStore is not true)
        {
            return null;
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaxBody];
        var length = await stream.ReadAtLeastAsync(buffer, MaxBody, throwOnEndOfStream: false, cancellationToken);
        return ReadForm(buffer.AsMemory(0, length), status);
    }

    private static string? ReadForm(ReadOnlyMemory<byte> body, int status)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 2 });
            var form = json.RootElement.EnumerateObject().ToDictionary(static member => member.Name, static member => member.Value);
            var hasReason = form.TryGetValue("reason", out var reason);
            var hasReference = form.TryGetValue("reference", out var reference) && ReferenceText.Find(reference.GetString() ?? "") is not null;
            return form.Count == 3 + (hasReason ? 1 : 0) + (hasReference ? 1 : 0)
                && form.TryGetValue("type", out var type) && IsType(type.GetString())
                && form.TryGetValue("title", out var title) && title.ValueKind is JsonValueKind.String
                && form.TryGetValue("status", out var number) && number.TryGetInt32(out var same) && same == status
                ? hasReason ? reason.GetString() : ""
                : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The address of a page, where the origin's release knows it.</summary>
    private static bool IsType(string? type) => type is "about:blank" || (Uri.IsWellFormedUriString(type, UriKind.Absolute) && type.Contains("/troubleshooting.md#", StringComparison.Ordinal));

    private static string Refusal(int status, string reason)
    {
        var told = reason.Length == 0 ? "" : $", and tells everyone the reason ({reason}): switch Rejection:IncludeReason off";
        return status == 503
            ? $"503: the guard cannot tell (no ranges or keys), for the load balancer's requests neither{told}"
            : Invariant($"{status} from the guard{told}");
    }

    private static string Answer(int status, HttpResponseMessage response) => status switch
    {
        >= 300 and < 400 when response.Headers.Location is { } location => Invariant($"{status}, a redirect to {location.OriginalString}"),
        401 or 403 => Invariant($"{status}, but not the guard's: whoever refuses here saw the request; --refused-status {status} if that is meant"),
        >= 400 => Invariant($"{status}, an error of something that answers everyone"),
        _ => Invariant($"{status}: open to everyone"),
    };

    // Seen widely in answers that came through Google's load balancer.
    private static string Way(HttpResponseMessage response) => response.Headers.Via.Any(static via => via.ReceivedBy == "google")
        ? "; it came through a load balancer at Google, so this is not the way around it: name the origin itself, or use --connect"
        : "";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
