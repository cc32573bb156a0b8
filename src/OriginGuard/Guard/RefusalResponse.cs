using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using OriginGuard.Checks;

namespace OriginGuard.Guard;

/// <summary>Answers a request that is not admitted: problem details (RFC 9457), written once per reason and then only copied.</summary>
internal sealed class RefusalResponse(int statusCode, bool includeReason, bool abort)
{
    private const string RetryAfterSeconds = "5";

    private readonly byte[]?[] _bodies = new byte[]?[Enum.GetValues<RefusalReason>().Length];

    public Task WriteAsync(HttpContext context, OriginVerdict verdict)
    {
        var undetermined = verdict.Outcome is not OriginOutcome.Refused;
        var response = context.Response;
        if (response.HasStarted || (abort && !undetermined))
        {
            context.Abort();
            return Task.CompletedTask;
        }

        var body = _bodies[(int)verdict.Reason] ??= Body(undetermined ? StatusCodes.Status503ServiceUnavailable : statusCode, verdict.Reason);
        response.StatusCode = undetermined ? StatusCodes.Status503ServiceUnavailable : statusCode;
        response.ContentType = "application/problem+json";
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        if (undetermined)
        {
            response.Headers.RetryAfter = RetryAfterSeconds;
        }

        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private byte[] Body(int status, RefusalReason reason)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "about:blank");
            json.WriteString("title"u8, Title(status));
            json.WriteNumber("status"u8, status);
            if (includeReason)
            {
                json.WriteString("reason"u8, reason.ToCode());
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static string Title(int status) => ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } phrase
        ? phrase
        : status.ToString(CultureInfo.InvariantCulture);
}
