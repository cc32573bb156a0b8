using Microsoft.Coyote.Specifications;
using OriginGuard.Iap;

namespace OriginGuard.Coyote;

/// <summary>The keys of one endpoint while requests ask for ids that are known, new and invented.</summary>
internal static class KeyTests
{
    public static Func<Task>[] All =>
    [
        The_endpoint_is_asked_once_at_a_time_and_not_before_the_cool_down_is_over,
        A_key_that_appears_is_found_when_the_cool_down_is_over,
        A_known_key_is_found_at_any_time,
        Who_gives_up_does_not_end_the_fetch_of_the_others,
        After_the_end_the_endpoint_is_not_asked,
    ];

    // The scene itself fails the test when two fetches overlap, or when one begins too early.
    public static async Task The_endpoint_is_asked_once_at_a_time_and_not_before_the_cool_down_is_over()
    {
        var scene = new KeyScene();
        scene.Source.Start();
        var askers = Enumerable.Range(0, 3).Select(number => Task.Run(() => scene.AskAsync($"invented {number}"))).ToArray();
        var moving = Task.Run(() =>
        {
            for (var second = 0; second < 12; second++)
            {
                scene.Time.Advance(TimeSpan.FromSeconds(1));
            }
        });

        await moving;
        await scene.MoveUntilAsync(Task.WhenAll(askers));
    }

    public static async Task A_key_that_appears_is_found_when_the_cool_down_is_over()
    {
        var scene = new KeyScene();
        scene.Source.Start();
        await scene.Source.WaitForFirstLoadAsync(CancellationToken.None);
        scene.Time.Advance(IapKeySchedule.CoolDown);
        var disturbing = Task.Run(() => scene.AskAsync("invented"));
        scene.Endpoint.HasNewKey = true;
        var asking = Task.Run(() => scene.AskAsync(KeyScene.NewKey));
        await scene.MoveUntilAsync(asking);
        if (await asking is null)
        {
            // The fetch that it met may have begun before the key was there. The wish is remembered, and nobody needs to ask again.
            await scene.MoveUntilAsync(scene.Endpoint.NewKeyRead);
        }

        await scene.MoveUntilAsync(disturbing);
    }

    public static async Task A_known_key_is_found_at_any_time()
    {
        var scene = new KeyScene();
        scene.Source.Start();
        await scene.Source.WaitForFirstLoadAsync(CancellationToken.None);
        scene.Time.Advance(IapKeySchedule.CoolDown);
        scene.Endpoint.Fails = true;
        var disturbing = Task.Run(() => scene.AskAsync("invented"));
        for (var times = 0; times < 3; times++)
        {
            Specification.Assert(scene.Source.Find(KeyScene.OldKey) is not null, "A key that was there is gone.");
            await Task.Yield();
        }

        await scene.MoveUntilAsync(disturbing);
        Specification.Assert(scene.Source.Find(KeyScene.OldKey) is not null, "A key that was there is gone.");
    }

    public static async Task Who_gives_up_does_not_end_the_fetch_of_the_others()
    {
        var scene = new KeyScene();
        using var gone = new CancellationTokenSource();
        scene.Source.Start();
        var leaving = Task.Run(() => scene.Source.WaitForFirstLoadAsync(gone.Token));
        var staying = Task.Run(() => scene.AskAsync(KeyScene.OldKey));
        await Task.Run(gone.Cancel);
        await leaving;

        Specification.Assert(await staying is not null, "The key was there, and was not found.");
        Specification.Assert(scene.Endpoint.GivenUp == 0, "A fetch was given up.");
    }

    public static async Task After_the_end_the_endpoint_is_not_asked()
    {
        var scene = new KeyScene();
        scene.Source.Start();
        var asking = Task.Run(() => scene.AskAsync("invented"));
        await Task.Run(() => scene.Source.DisposeAsync().AsTask());
        scene.Endpoint.IsOver = true;
        await scene.MoveUntilAsync(asking);
    }
}
