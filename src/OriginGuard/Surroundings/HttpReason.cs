namespace OriginGuard.Surroundings;

/// <summary>Why an HTTP request failed, in words for the log.</summary>
internal static class HttpReason
{
    /// <summary>
    /// The message, or for TLS the reason behind it: "see inner exception" helps nobody who has only the line. A wrong name, an untrusted chain and an
    /// expired certificate have different remedies.
    /// </summary>
    public static string Of(Exception failure) => failure is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
        ? $"{HttpRequestError.SecureConnectionError}: {failure.GetBaseException().Message}"
        : failure.Message;
}
