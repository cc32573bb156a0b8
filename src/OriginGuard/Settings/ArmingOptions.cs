namespace OriginGuard;

/// <summary>Where the account lies of who would be locked out: section <c>OriginGuard:Arming</c>.</summary>
public sealed class ArmingOptions
{
    /// <summary>
    /// A file that keeps the arming report over restarts; <c>originguard arm</c> reads it. By default it lies beside
    /// <see cref="SourceAddressOptions.SnapshotPath"/>, with <c>.arming.json</c> behind its name; without a snapshot the report is kept in memory alone. Each process
    /// needs a file of its own. It holds networks and route patterns, and no address, path, header value or secret.
    /// </summary>
    public string? ReportPath { get; set; }
}
