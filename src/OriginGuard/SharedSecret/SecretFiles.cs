using System.Collections.Concurrent;
using System.Text;

namespace OriginGuard.SharedSecret;

/// <summary>Reads secret files, and remembers the last good value of each: a file that is being replaced must not lock anyone out.</summary>
internal sealed class SecretFiles
{
    // A secret, a line break and a byte more, by which a longer file is known without reading it whole.
    private const int MostBytes = SecretText.MaxLength + 3;

    private readonly ConcurrentDictionary<string, string> _lastGood = new(StringComparer.Ordinal);

    /// <summary>Reads a file. What is wrong with it comes back as a rule without the value; the value is the last good one, or null.</summary>
    public string? Read(string path, out string? problem)
    {
        problem = TryRead(path, out var value) ?? SecretText.Problem(value);
        if (problem is null)
        {
            _lastGood[path] = value;
        }

        return _lastGood.GetValueOrDefault(path);
    }

    /// <summary>Forgets files that are no longer configured: a value that was revoked with its file does not come back with it.</summary>
    public void ForgetAllBut(string[] paths)
    {
        foreach (var gone in _lastGood.Keys.Except(paths, StringComparer.Ordinal))
        {
            _lastGood.TryRemove(gone, out _);
        }
    }

    private static string? TryRead(string path, out string value)
    {
        value = "";
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> bytes = stackalloc byte[MostBytes];
            var length = file.ReadAtLeast(bytes, MostBytes, throwOnEndOfStream: false);
            value = WithoutFinalLineBreak(Encoding.Latin1.GetString(bytes[..length]));
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return failure is FileNotFoundException or DirectoryNotFoundException ? "does not exist" : $"cannot be read ({failure.GetType().Name})";
        }
    }

    private static string WithoutFinalLineBreak(string text) =>
        text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
}
