using System.Buffers;
using System.Globalization;
using System.Text;

namespace OriginGuard.Testing.FrontEnd;

/// <summary>
/// How a request's exact header lines get through <see cref="HttpClient"/>, which would join repeated names and correct spellings: each
/// line travels as the value of a numbered carrier header, and <see cref="Render"/> unpacks them just before the bytes leave.
/// </summary>
internal static class RequestHead
{
    private const string Carrier = "Carried-Line-";

    // What HttpClient itself says about the connection and the frame of the body stays; all else is the simulator's to say.
    private static readonly string[] Kept = ["Transfer-Encoding:", "Connection:", "Upgrade:"];

    public static void Pack(HttpRequestMessage request, IReadOnlyList<KeyValuePair<string, string>> lines)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            request.Headers.TryAddWithoutValidation(
                string.Create(CultureInfo.InvariantCulture, $"{Carrier}{i}"), $"{lines[i].Key}: {lines[i].Value}");
        }
    }

    /// <summary>Rewrites a head as HttpClient wrote it, ending in its empty line, and says how its body is framed.</summary>
    public static RequestBodyFrame Render(ReadOnlySpan<byte> written, IBufferWriter<byte> output)
    {
        var lines = Encoding.Latin1.GetString(written).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var head = new StringBuilder(lines[0]).Append("\r\n");
        foreach (var line in lines.Skip(1))
        {
            if (line.StartsWith(Carrier, StringComparison.OrdinalIgnoreCase))
            {
                head.Append(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 2)).Append("\r\n");
            }
            else if (IsKept(line))
            {
                head.Append(line).Append("\r\n");
            }
        }

        output.Write(Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()));
        return FrameOf(lines);
    }

    private static RequestBodyFrame FrameOf(string[] lines)
    {
        if (lines.Any(static line => line.StartsWith("Upgrade:", StringComparison.OrdinalIgnoreCase)))
        {
            return RequestBodyFrame.Endless;
        }

        if (lines.Any(static line => line.StartsWith("Transfer-Encoding:", StringComparison.OrdinalIgnoreCase)))
        {
            return RequestBodyFrame.Chunked;
        }

        const string ContentLength = "Content-Length:";
        return Array.Find(lines, static line => line.StartsWith(ContentLength, StringComparison.OrdinalIgnoreCase)) is { } length
            ? RequestBodyFrame.Counted(long.Parse(length.AsSpan(ContentLength.Length), CultureInfo.InvariantCulture))
            : RequestBodyFrame.Counted(0);
    }

    private static bool IsKept(string line) => Array.Exists(Kept, kept => line.StartsWith(kept, StringComparison.OrdinalIgnoreCase));
}
