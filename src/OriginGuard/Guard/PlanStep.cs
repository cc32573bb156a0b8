namespace OriginGuard.Guard;

/// <summary>What is done once a plan is in force.</summary>
/// <param name="Name">What it is about, for the log.</param>
/// <param name="Do">Does it, with the plan before, null at the start, and the plan in force.</param>
internal sealed record PlanStep(string Name, Action<GuardPlan?, GuardPlan> Do);
