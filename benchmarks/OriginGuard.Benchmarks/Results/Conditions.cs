namespace OriginGuard.Benchmarks.Results;

/// <summary>Where, when and how the figures came about.</summary>
internal sealed record Conditions(
    string Date, string Command, string Processor, int Cores, string OperatingSystem, string Runtime, string Job, bool IsPinned, bool IsQuick, bool IsPartial, double Minutes);
