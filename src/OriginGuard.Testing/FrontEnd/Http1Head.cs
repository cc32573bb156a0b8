using System.Globalization;
using System.Text;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>The head of an HTTP/1.1 answer, and how heads of requests are written.</summary>
internal sealed class Http1Head
{
    private const int MaxLines = 500;

    private Http1Head(bool isHttp11, int status, List<KeyValuePair<string, string>> lines) =>
        (IsHttp11, Status, Lines, ContentLength) = (isHttp11, status, lines, LengthIn(lines));

    public int Status { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Lines { get; }

    /// <summary>Whether the connection can carry another request.</summary>
    public bool IsKeptAlive => IsHttp11 && !Has("Connection", "close");

    public bool IsChunked => Has("Transfer-Encoding", "chunked");

    public long? ContentLength { get; }

    private bool IsHttp11 { get; }

    /// <summary>Every line exactly as it is given; only the frame of the body and an upgrade are added.</summary>
    public static string Of(OriginRequest request)
    {
        var isChunked = request.Body is { Length: null };
        var head = new StringBuilder($"{request.Method} {request.Target} HTTP/1.1\r\n");
        foreach (var (name, value) in request.Lines)
        {
            // Two frames for one body would be request smuggling.
            if (!isChunked || !name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                head.Append(name).Append(": ").Append(value).Append("\r\n");
            }
        }

        head.Append(isChunked ? "Transfer-Encoding: chunked\r\n" : "");
        head.Append(request.IsWebSocket ? "Connection: Upgrade\r\nUpgrade: websocket\r\n" : "");
        return head.Append("\r\n").ToString();
    }

    public static async Task<Http1Head> ReadAsync(Http1Connection connection, CancellationToken cancellationToken)
    {
        var status = await connection.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        if (status.Split(' ') is not [("HTTP/1.0" or "HTTP/1.1") and var version, var code, ..]
            || !int.TryParse(code, CultureInfo.InvariantCulture, out var number))
        {
            throw new IOException("The origin does not answer in HTTP/1.1.");
        }

        var lines = new List<KeyValuePair<string, string>>();
        while (await connection.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || lines.Count == MaxLines)
            {
                throw new IOException("The origin's answer has a line that is not a header, or too many lines.");
            }

            lines.Add(new(line[..colon], line[(colon + 1)..].Trim(' ', '\t')));
        }

        return new Http1Head(version is "HTTP/1.1", number, lines);
    }

    private static long? LengthIn(List<KeyValuePair<string, string>> lines)
    {
        if (Values(lines, "Content-Length").FirstOrDefault() is not { } length)
        {
            return null;
        }

        return long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw new IOException("The origin's Content-Length is not a number.");
    }

    private static IEnumerable<string> Values(IEnumerable<KeyValuePair<string, string>> lines, string name) =>
        lines.Where(line => line.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(static line => line.Value);

    private bool Has(string name, string token) => Values(Lines, name)
        .SelectMany(static value => value.Split(',', StringSplitOptions.TrimEntries))
        .Contains(token, StringComparer.OrdinalIgnoreCase);
}
