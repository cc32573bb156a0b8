namespace OriginGuard.Guard;

/// <summary>What a person sees whose browser was refused: no name of a product, the reason only where answers may name it, and nothing that the page loads or runs.</summary>
internal static class RefusalPage
{
    public static ReadOnlySpan<byte> End => "</body></html>\n"u8;

    public static ReadOnlySpan<byte> BeforeReference => "<p>If that is what you did, send this reference to whoever runs the site:</p>\n<textarea readonly rows=\"6\" cols=\"40\" aria-label=\"Reference\">"u8;

    public static ReadOnlySpan<byte> AfterReference => "</textarea>\n</body></html>\n"u8;

    /// <param name="status">The status of the answer.</param>
    /// <param name="reason">The code of the reason, where answers may name it.</param>
    public static string Render(int status, string? reason)
    {
        var title = $"{status} {ProblemJson.Title(status)}";
        var sentence = status is 503 ? "This server cannot tell at the moment whether it may answer. Try again in a few seconds." : "This server does not answer this request. Open the site by its usual address.";
        return $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>{title}</title></head>
            <body><h1>{title}</h1>
            <p>{sentence}</p>
            {(reason is null ? "" : $"<p><code>{reason}</code></p>\n")}</body></html>

            """;
    }
}
