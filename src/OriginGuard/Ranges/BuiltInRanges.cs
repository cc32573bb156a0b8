using System.Net;

namespace OriginGuard.Ranges;

/// <summary>The answer of Google's record as documented when this version was built: where the guard starts when nothing better is at hand.</summary>
internal static class BuiltInRanges
{
    // https://cloud.google.com/load-balancing/docs/https/setup-global-ext-https-external-backend#allow-ip prints these two as the record's
    // answer, and the firewall table of https://docs.cloud.google.com/load-balancing/docs/https lists the same.
    public static IReadOnlyList<IPNetwork> Networks { get; } = [IPNetwork.Parse("34.96.0.0/20"), IPNetwork.Parse("34.127.192.0/18")];

    /// <summary>When the documentation was last read.</summary>
    public static DateOnly DocumentedOn { get; } = new(2026, 4, 30);

    public static bool StandFor(string recordName) => string.Equals(recordName.TrimEnd('.'), SourceAddressOptions.GoogleRecordName, StringComparison.OrdinalIgnoreCase);
}
