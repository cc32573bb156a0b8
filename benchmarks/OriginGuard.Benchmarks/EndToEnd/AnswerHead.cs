using System.Globalization;
using System.Text;

namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>As much of an HTTP/1.1 answer as the load must understand.</summary>
internal static class AnswerHead
{
    /// <summary>"HTTP/1.1 200".</summary>
    public const int StatusLength = 12;

    private const string ContentLength = "\r\nContent-Length: ";

    /// <summary>Head and body together; null while the head is not complete.</summary>
    public static int? Length(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return null;
        }

        var head = Encoding.ASCII.GetString(answer[..(end + 2)]);
        var at = head.IndexOf(ContentLength, StringComparison.OrdinalIgnoreCase);
        return at < 0
            ? throw new InvalidOperationException("The origin answered without a length.")
            : end + 4 + int.Parse(head.AsSpan(at + ContentLength.Length, head.IndexOf('\r', at + 2) - at - ContentLength.Length), CultureInfo.InvariantCulture);
    }

    public static void Expect(ReadOnlySpan<byte> answer, int status)
    {
        var line = Encoding.ASCII.GetString(answer[..Math.Min(answer.Length, StatusLength)]);
        if (line != string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status}"))
        {
            throw new InvalidOperationException($"The origin answered {line} instead of {status}.");
        }
    }
}
