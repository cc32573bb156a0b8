using OriginGuard.Benchmarks.Results;

namespace OriginGuard.Benchmarks.Page;

/// <summary>One bar that was set before anything was measured.</summary>
/// <param name="What">What is measured.</param>
/// <param name="Bar">What was asked.</param>
/// <param name="Find">The finding; null where it was not measured.</param>
internal sealed record Requirement(string What, string Bar, Func<PerformanceResults, Finding?> Find)
{
    public const string NotMeasured = "not measured";

    public string[] Row(PerformanceResults results) => Find(results) is { } finding
        ? [What, Bar, finding.Figure, finding.IsMet ? "met" : "not met"]
        : [What, Bar, NotMeasured, NotMeasured];
}
