using System.Text.Json;
using OriginGuard.References;

namespace OriginGuard.Tool.Field;

/// <summary>An answer of the guard, which tells its refusal from every other: problem details (RFC 9457) of a fixed form.</summary>
/// <param name="Reason">The code; empty where the guard gives none.</param>
/// <param name="IsOfDiagnostics">Whether it is the guard's diagnostics that withhold themselves: the guard let the request through and did not admit it.</param>
internal sealed record GuardAnswer(string Reason, bool IsOfDiagnostics)
{
    private const int MaxBody = 4 * 1024;

    /// <summary>Null for the answer of somebody else.</summary>
    public static async Task<GuardAnswer?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
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

    private static GuardAnswer? ReadForm(ReadOnlyMemory<byte> body, int status)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 2 });
            var form = json.RootElement.EnumerateObject().ToDictionary(static member => member.Name, static member => member.Value);
            var hasReason = form.TryGetValue("reason", out var reason) && reason.ValueKind is JsonValueKind.String;
            var hasReference = form.TryGetValue("reference", out var reference) && ReferenceText.Find(reference.GetString() ?? "") is not null;
            var hasDetail = form.TryGetValue("detail", out var detail) && detail.GetString()?.StartsWith("The diagnostics answer only ", StringComparison.Ordinal) is true;
            return form.Count == 3 + (hasReason ? 1 : 0) + (hasReference ? 1 : 0) + (hasDetail ? 1 : 0)
                && form.TryGetValue("type", out var type) && IsType(type.GetString())
                && form.TryGetValue("title", out var title) && title.ValueKind is JsonValueKind.String
                && form.TryGetValue("status", out var number) && number.TryGetInt32(out var same) && same == status
                ? new GuardAnswer(hasReason ? reason.GetString()! : "", hasDetail)
                : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The address of a page, where the origin's release knows it.</summary>
    private static bool IsType(string? type) => type is "about:blank" || (Uri.IsWellFormedUriString(type, UriKind.Absolute) && type.Contains("/troubleshooting.md#", StringComparison.Ordinal));
}
