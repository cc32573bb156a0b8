namespace OriginGuard.Arming;

/// <summary>Callers from the internet that nothing speaks for: the guard is there to refuse them, so that they stand against no verdict.</summary>
/// <param name="Requests">How many requests of theirs were not admitted.</param>
/// <param name="Steady">Those that come again to a route of the application, day by day: one of them may be a partner who never used the load balancer.</param>
internal sealed record ArmingStrangers(long Requests, IReadOnlyList<ArmingCaller> Steady)
{
    private const int MostSteady = 8;
    private const int FewestDays = 2;
    private const int FewestRequests = 10;

    public static ArmingStrangers Of(ArmingState state) => new(
        state.Strangers,
        [.. ArmingCaller.Group(state.Callers.Where(static caller => caller.Kind == nameof(CallerKind.Stranger) && IsSteady(caller))).Take(MostSteady)]);

    private static bool IsSteady(CallerState caller) =>
        caller.Days >= FewestDays && ArmingCaller.Requests(caller) >= FewestRequests && ArmingCaller.Requests(caller) > caller.OvercountAtMost;
}
