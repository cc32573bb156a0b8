using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Configuration;
using OriginGuard.Guard;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Configuration;

public sealed class ReloadDuringStartTests
{
    [Fact]
    public async Task A_configuration_that_changes_while_the_first_one_comes_into_force_is_not_missed()
    {
        var root = new ConfigurationBuilder().AddInMemoryCollection(GuardedApp.Settings()).Build();
        var time = new InterruptedTime();
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(time);
        services.FollowTestClock();
        services.AddOriginGuard(root);
        await using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<OptionsInForce>();
        var reload = new Thread(() =>
        {
            root["OriginGuard:Mode"] = "ReportOnly";
            root.Reload();
        });

        // The ranges ask for the time while the settings are made: there the reload comes, and either runs or has to wait.
        time.Interrupt(() =>
        {
            reload.Start();
            SpinWait.SpinUntil(() => !reload.IsAlive || reload.ThreadState.HasFlag(ThreadState.WaitSleepJoin));
        });
        var settings = provider.GetRequiredService<GuardPlans>();
        reload.Join();

        Assert.Equal((LayerMode.ReportOnly, false), (options.Current.Mode, settings.Current.IsEnforced));
    }

    [Fact]
    public async Task A_configuration_that_changes_while_it_is_read_for_the_first_time_is_not_missed()
    {
        var root = new ConfigurationBuilder().AddInMemoryCollection(GuardedApp.Settings()).Build();
        var services = new ServiceCollection().AddLogging();
        services.AddOriginGuard(root);
        var isFirst = true;
        services.PostConfigure<OriginGuardOptions>(_ =>
        {
            if (isFirst)
            {
                isFirst = false;
                root["OriginGuard:Mode"] = "ReportOnly";
                root.Reload();
            }
        });
        await using var provider = services.BuildServiceProvider();

        Assert.Equal(LayerMode.ReportOnly, provider.GetRequiredService<OptionsInForce>().Current.Mode);
    }

    /// <summary>A clock that does something the next time somebody looks.</summary>
    private sealed class InterruptedTime : TimeProvider
    {
        private readonly ManualTimeProvider _clock = new();
        private Action? _interruption;

        public override long TimestampFrequency => _clock.TimestampFrequency;

        public void Interrupt(Action interruption) => _interruption = interruption;

        public override DateTimeOffset GetUtcNow()
        {
            Interlocked.Exchange(ref _interruption, null)?.Invoke();
            return _clock.GetUtcNow();
        }

        public override long GetTimestamp() => _clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => _clock.CreateTimer(callback, state, dueTime, period);
    }
}
