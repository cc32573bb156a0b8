namespace OriginGuard.Testing.InProcess;

/// <summary>The header lines that a client would have sent for a request.</summary>
internal static class ClientLines
{
    public static IEnumerable<KeyValuePair<string, string>> Of(HttpRequestMessage request, Uri uri)
    {
        yield return new("Host", request.Headers.Host ?? uri.Authority);
        _ = request.Content?.Headers.ContentLength; // a content counts its octets when it is asked, and has no such line before
        var fields = request.Headers.NonValidated.Concat(request.Content?.Headers.NonValidated ?? default);
        foreach (var (name, values) in fields)
        {
            if (name.Equals("Host", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            // HttpClient keeps each product of a User-Agent as a value of its own; together they are one line.
            var isOneLine = name.Equals("User-Agent", StringComparison.OrdinalIgnoreCase);
            foreach (var value in isOneLine ? [values.ToString()] : values.AsEnumerable())
            {
                yield return new(name, value);
            }
        }
    }
}
