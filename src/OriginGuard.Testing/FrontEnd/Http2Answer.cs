namespace OriginGuard.Testing.FrontEnd;

/// <summary>An answer that arrives as a stream of an HTTP/2 connection.</summary>
internal sealed class Http2Answer(HttpResponseMessage response) : OriginAnswer((int)response.StatusCode, LinesOf(response))
{
    public override Task CopyBodyAsync(Stream to, CancellationToken cancellationToken) =>
        response.Content.CopyToAsync(to, cancellationToken);

    public override ValueTask DisposeAsync()
    {
        response.Dispose();
        return ValueTask.CompletedTask;
    }

    private static KeyValuePair<string, string>[] LinesOf(HttpResponseMessage response) =>
        [.. response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .SelectMany(field => field.Value.Select(value => new KeyValuePair<string, string>(field.Key, value)))];
}
