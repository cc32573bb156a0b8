namespace OriginGuard.Tool.Formats;

/// <summary>A pattern file for an ACL.</summary>
internal static class HaproxyFormat
{
    public static string Render(RangeSet ranges) =>
        FileHead.Render(
            ranges,
            "--format haproxy",
            "In the frontend: tcp-request connection reject unless { src -f FILE }")
        + string.Concat(ranges.Networks.Select(static network => $"{network}\n"));
}
