using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using OriginGuard.ForeignText;

namespace OriginGuard.Ranges;

/// <summary>
/// The text of a snapshot file: a line with the version, a block per record, and a checksum over all before it. Lines, so that an operator can
/// read it; a checksum, so that half a file is never taken for a whole one.
/// </summary>
internal static class SnapshotText
{
    private const string Kind = "originguard-snapshot";
    private const string Version = $"{Kind} 1";
    private const string RecordMark = "record ";
    private const string ChecksumMark = "sha256 ";
    private const string ConfirmedMark = "confirmed";

    public static string Format(IEnumerable<SnapshotRecord> records)
    {
        var text = new StringBuilder().Append(Version).Append('\n');
        foreach (var record in records)
        {
            text.Append(RecordMark).Append(record.Name)
                .Append(' ').Append(record.LoadedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture))
                .Append(' ').Append(Seconds(record.TimeToLive).ToString(CultureInfo.InvariantCulture)).Append(record.IsConfirmed ? $" {ConfirmedMark}\n" : "\n");
            foreach (var network in record.Networks)
            {
                text.Append(network).Append('\n');
            }
        }

        var body = text.ToString();
        return $"{body}{ChecksumMark}{Checksum(body)}\n";
    }

    /// <summary>Whether it is the content of somebody else's file: neither empty nor a snapshot, whole or not, of any version.</summary>
    public static bool IsForeign(string text) => text.Length > 0 && !text.StartsWith(Kind, StringComparison.Ordinal) && !Kind.StartsWith(text, StringComparison.Ordinal);

    /// <exception cref="FormatException">The text is not a whole snapshot of this version.</exception>
    public static IReadOnlyList<SnapshotRecord> Parse(string text)
    {
        if (!text.StartsWith($"{Version}\n", StringComparison.Ordinal))
        {
            throw new FormatException($"it does not begin with \"{Version}\": it is of another version, or no snapshot");
        }

        var mark = text.LastIndexOf(ChecksumMark, StringComparison.Ordinal);
        if (mark < 0 || text[mark - 1] != '\n' || text[mark..] != $"{ChecksumMark}{Checksum(text[..mark])}\n")
        {
            throw new FormatException("its checksum does not match: it is cut short or changed");
        }

        List<SnapshotRecord> records = [];
        List<IPNetwork> networks = [];
        foreach (var line in text[..(mark - 1)].Split('\n').Skip(1))
        {
            if (line.StartsWith(RecordMark, StringComparison.Ordinal))
            {
                networks = [];
                records.Add(ParseRecord(line.Split(' '), networks));
            }
            else
            {
                networks.Add(StrictNetwork.TryParse(line, out var network) && records.Count > 0 ? network : throw new FormatException("it holds a line that is no network"));
            }
        }

        return records;
    }

    private static SnapshotRecord ParseRecord(string[] fields, List<IPNetwork> networks) =>
        fields is [_, var name, var loadedAt, var seconds, .. [] or [ConfirmedMark]]
        && DateTimeOffset.TryParseExact(loadedAt, "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var loaded)
        && int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var timeToLive)
            ? new SnapshotRecord(name, loaded, TimeSpan.FromSeconds(timeToLive), networks, fields.Length > 4)
            : throw new FormatException("it holds a record line that cannot be read");

    // The most that DNS itself can say (RFC 2181, section 8); another resolver may say more.
    private static int Seconds(TimeSpan timeToLive) => (int)Math.Min(timeToLive.TotalSeconds, int.MaxValue);

    private static string Checksum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>One record of a snapshot file.</summary>
internal sealed class SnapshotRecord(string name, DateTimeOffset loadedAt, TimeSpan timeToLive, IReadOnlyList<IPNetwork> networks, bool isConfirmed)
{
    public string Name => name;

    public DateTimeOffset LoadedAt => loadedAt;

    public TimeSpan TimeToLive => timeToLive;

    public IReadOnlyList<IPNetwork> Networks => networks;

    /// <summary>Whether fresh lists of Google have confirmed the networks.</summary>
    public bool IsConfirmed => isConfirmed;
}
