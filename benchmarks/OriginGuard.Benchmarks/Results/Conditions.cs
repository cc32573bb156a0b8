namespace OriginGuard.Benchmarks.Results;

/// <summary>Where, when and how the figures came about.</summary>
internal sealed record Conditions(
    string Date, string Command, string Processor, int Cores, string OperatingSystem, string Runtime, string Job, bool IsPinned, bool IsQuick, bool IsPartial, double Minutes)
{
    /// <summary>The same when a part was measured anew later; in earnest only where both were.</summary>
    public Conditions With(Conditions later) => this with
    {
        Command = $"{Command}\n{later.Command}",
        IsQuick = IsQuick || later.IsQuick,
        Minutes = Minutes + later.Minutes,
    };
}
