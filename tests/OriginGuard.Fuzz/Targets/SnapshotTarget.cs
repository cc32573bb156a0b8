using System.Security.Cryptography;
using System.Text;
using OriginGuard.ForeignText;
using OriginGuard.Ranges;
using static OriginGuard.Fuzz.Targets.BrokenPropertyException;

namespace OriginGuard.Fuzz.Targets;

/// <summary>
/// A snapshot file: read whole or refused with a <see cref="FormatException"/>; what is read writes back to the same, and holds only networks that everybody reads
/// alike. A text without a checksum gets the one that belongs to it, as whoever tampers with the file could do.
/// </summary>
internal static class SnapshotTarget
{
    private const string Mark = "sha256 ";

    public static bool Play(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        text = text.Contains(Mark, StringComparison.Ordinal) ? text : Sealed(text);
        if (Read(text) is not { } records)
        {
            return false;
        }

        ThrowUnless(Read(text[..^1]) is null && Read(text + "\n") is null, "It is read too when something is missing at its end, or stands behind it.");
        var body = text[..text.LastIndexOf(Mark, StringComparison.Ordinal)];
        ThrowUnless(text == Sealed(body), "The checksum is not that of the text.");

        string[] lines = [.. body.Split('\n')[1..^1].Where(static line => !line.StartsWith("record ", StringComparison.Ordinal))];
        ThrowUnless(lines.Length == records.Sum(static record => record.Networks.Count), "A line is lost, or read twice.");
        ThrowUnless(Array.TrueForAll(lines, static line => StrictNetwork.TryParse(line, out _)), "A line is taken for a network that not everybody reads alike.");

        var written = SnapshotText.Format(records);
        var again = SnapshotText.Parse(written);
        ThrowUnless(SnapshotText.Format(again) == written, "What was read does not write back to the same.");
        ThrowUnless(
            again.Count == records.Count && again.Zip(records).All(static pair => pair.First.Name == pair.Second.Name && pair.First.LoadedAt == pair.Second.LoadedAt
                && pair.First.TimeToLive == pair.Second.TimeToLive && pair.First.Networks.SequenceEqual(pair.Second.Networks)),
            "What was written is not read as the same.");
        return true;
    }

    private static IReadOnlyList<SnapshotRecord>? Read(string text)
    {
        try
        {
            return SnapshotText.Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string Sealed(string body) => $"{body}{Mark}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))}\n";
}
