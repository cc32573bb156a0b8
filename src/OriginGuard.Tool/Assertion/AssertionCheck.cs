namespace OriginGuard.Tool.Assertion;

/// <summary>One rule, and what became of it.</summary>
/// <param name="Name">What is looked at.</param>
/// <param name="Reason">The guard's reason when the rule is broken.</param>
/// <param name="Passed">Null: not checked.</param>
/// <param name="Expected">The rule.</param>
/// <param name="Actual">What the assertion says, as it says it; null for nothing.</param>
internal sealed record AssertionCheck(string Name, RefusalReason Reason, bool? Passed, string Expected, string? Actual);
