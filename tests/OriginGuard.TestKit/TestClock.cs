using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OriginGuard.Surroundings;

namespace OriginGuard.TestKit;

/// <summary>The guard's own clock in the guard's own tests.</summary>
public static class TestClock
{
    /// <summary>Lets the guard's time limits and schedules go by the clock that the test has registered, unless it has registered one for the guard.</summary>
    public static void FollowTestClock(this IServiceCollection services) =>
        services.TryAddSingleton(static provider => new GuardClock(provider.GetService<TimeProvider>() ?? TimeProvider.System));
}
