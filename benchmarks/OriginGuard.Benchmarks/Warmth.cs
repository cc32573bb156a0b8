namespace OriginGuard.Benchmarks;

/// <summary>
/// A setting of the runtime for every process that is measured. What is used often is compiled anew, but the runtime waits for a quiet moment first; on a
/// core that is never idle it waits for minutes.
/// </summary>
internal static class Warmth
{
    public const string Variable = "DOTNET_TC_CallCountingDelayMs";
    public const string Value = "0";
}
