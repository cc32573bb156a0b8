namespace OriginGuard.Checks;

/// <summary>A check as a plan asks it.</summary>
/// <param name="Check">The question.</param>
/// <param name="IsEnforced">Whether its refusal counts, or is only reported.</param>
internal readonly record struct PlannedCheck(OriginCheck Check, bool IsEnforced);
