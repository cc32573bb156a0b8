using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace OriginGuard.Diagnostics;

/// <summary>Whether a request wants the page or the JSON: the page for whoever names HTML and does not like JSON better, the JSON for everyone else.</summary>
internal static class AnswerFormat
{
    public static bool IsPage(HttpRequest request)
    {
        var asked = request.Query["format"];
        return asked.Count == 1 && asked[0] is "json" or "html" ? asked[0] is "html" : PrefersPage(new RequestHeaders(request.Headers).Accept);
    }

    private static bool PrefersPage(IList<MediaTypeHeaderValue> accepted) =>
        QualityOf(accepted, MediaTypeNames.Text.Html) is > 0 and var page && page >= QualityOf(accepted, MediaTypeNames.Application.Json);

    private static double QualityOf(IList<MediaTypeHeaderValue> accepted, string mediaType) => accepted
        .Where(type => type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase))
        .Select(static type => type.Quality ?? 1).DefaultIfEmpty(0).Max();
}
