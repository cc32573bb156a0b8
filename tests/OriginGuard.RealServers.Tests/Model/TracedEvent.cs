namespace OriginGuard.RealServers.Tests.Model;

/// <summary>What can happen; the numbers are the model's.</summary>
internal enum TracedEvent
{
    /// <summary>Time, or nothing at all.</summary>
    Rests,

    Starts,

    LosesFile,

    Reloads,

    ReloadsSomethingElse,

    GrowsOld,
}
