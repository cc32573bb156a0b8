using Microsoft.Coyote.Specifications;

namespace OriginGuard.Coyote;

/// <summary>The configuration changes while requests come.</summary>
internal static class ReloadTests
{
    public static Func<Task>[] All =>
    [
        A_request_reads_one_configuration_as_a_whole,
        A_reload_that_does_not_validate_changes_nothing,
        The_last_of_two_reloads_wins,
        Secrets_that_are_polled_meanwhile_are_those_of_the_plan,
    ];

    public static async Task A_request_reads_one_configuration_as_a_whole()
    {
        var scene = new ReloadScene();
        var reloading = Task.Run(() => scene.Reload(ReloadScene.Other));
        var asking = Task.Run(() =>
        {
            var last = 0;
            for (var times = 0; times < 3; times++)
            {
                var now = scene.ReadPlan();
                Specification.Assert(now >= last, "A request came under an older configuration than the one before it.");
                last = now;
            }
        });

        await Task.WhenAll(reloading, asking);
        Specification.Assert(scene.ReadPlan() == ReloadScene.Other, "The reload is not in force.");
        scene.CheckWhatLivesOn(ReloadScene.Other);
    }

    public static async Task A_reload_that_does_not_validate_changes_nothing()
    {
        var scene = new ReloadScene();
        var before = scene.Plan;
        var reloading = Task.Run(() => scene.Reload(ReloadScene.Invalid));
        var asking = Task.Run(() => Specification.Assert(ReferenceEquals(scene.Plan, before), "An invalid reload has changed the plan."));

        await Task.WhenAll(reloading, asking);
        Specification.Assert(ReferenceEquals(scene.Plan, before), "An invalid reload has changed the plan.");
        scene.CheckWhatLivesOn(ReloadScene.First);
    }

    public static async Task The_last_of_two_reloads_wins()
    {
        var scene = new ReloadScene();
        await Task.WhenAll(Task.Run(() => scene.Reload(ReloadScene.Other)), Task.Run(() => scene.Reload(ReloadScene.Third)));

        Specification.Assert(scene.ReadPlan() == scene.Said, "The source says {0}, and {1} is in force.", scene.Said, scene.ReadPlan());
        scene.CheckWhatLivesOn(scene.Said);
    }

    public static async Task Secrets_that_are_polled_meanwhile_are_those_of_the_plan()
    {
        var scene = new ReloadScene();
        await Task.WhenAll(Task.Run(() => scene.Reload(ReloadScene.Other)), Task.Run(() => scene.Time.Advance(TimeSpan.FromSeconds(30))));

        Specification.Assert(scene.ReadPlan() == ReloadScene.Other, "The reload is not in force.");
        scene.CheckWhatLivesOn(ReloadScene.Other);
    }
}
