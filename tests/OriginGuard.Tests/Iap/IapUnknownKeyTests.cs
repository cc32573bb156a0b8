using OriginGuard.Iap;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Iap;

public sealed class IapUnknownKeyTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Admits_the_first_request_after_a_rotation_by_one_shared_refresh()
    {
        await using var world = await IapWorld.WithKeysAsync();
        world.Time.Advance(TimeSpan.FromMinutes(5));
        world.Issuer.Rotate(keepFormerKeys: true);
        var release = world.Keys.Hang();
        var token = world.Issuer.Issue(IapWorld.Audience);

        Task<RefusalReason>[] waiting = [.. Enumerable.Range(0, 100).Select(_ => world.ReasonAsync(token))];
        await IapWorld.UntilAsync(() => world.Keys.Fetches == 2);
        Assert.All(waiting, task => Assert.False(task.IsCompleted));
        release.SetResult();

        Assert.All(await Task.WhenAll(waiting), reason => Assert.Equal(RefusalReason.None, reason));
        Assert.Equal(2, world.Keys.Fetches);
        Assert.Equal(2, world.Verifier.KeyStatus.Count);
    }

    [Fact]
    public async Task Lets_a_request_wait_two_seconds_after_the_refresh_began_and_no_longer()
    {
        await using var world = await IapWorld.WithKeysAsync();
        world.Time.Advance(TimeSpan.FromMinutes(5));
        world.Keys.Hang();
        world.Issuer.Rotate();
        var token = world.Issuer.Issue(IapWorld.Audience);

        var first = world.ReasonAsync(token);
        await IapWorld.UntilAsync(() => world.Keys.Fetches == 2);
        world.Time.Advance(1.5 * Second);
        var second = world.ReasonAsync(token);
        Assert.False(first.IsCompleted || second.IsCompleted);
        world.Time.Advance(0.5 * Second);

        Assert.Equal(RefusalReason.IapUnknownKey, await first);
        Assert.Equal(RefusalReason.IapUnknownKey, await second);
        var third = world.ReasonAsync(token);
        Assert.True(third.IsCompleted);
    }

    [Fact]
    public async Task Never_lets_a_known_key_wait()
    {
        await using var world = await IapWorld.WithKeysAsync();
        world.Time.Advance(TimeSpan.FromMinutes(5));
        world.Keys.Hang();
        using var stranger = new IapAssertionIssuer(world.Time);
        var waiting = world.ReasonAsync(stranger.Issue(IapWorld.Audience));
        await IapWorld.UntilAsync(() => world.Keys.Fetches == 2);

        var known = world.ReasonAsync(world.Issuer.Issue(IapWorld.Audience));

        Assert.True(known.IsCompletedSuccessfully);
        Assert.Equal(RefusalReason.None, await known);
        Assert.False(waiting.IsCompleted);
        world.Time.Advance(2 * Second);
        Assert.Equal(RefusalReason.IapUnknownKey, await waiting);
    }

    [Fact]
    public async Task Pays_for_a_flood_of_invented_ids_with_six_fetches_a_minute()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var (start, fetches) = (world.Time.GetUtcNow(), world.Keys.Fetches);

        for (var tick = 0; tick < 600; tick++)
        {
            var flood = Task.WhenAll(Enumerable.Range(0, 20).Select(i => world.ReasonAsync(Forgeries.WithKeyId($"{tick}-{i}"))));
            Assert.Equal(RefusalReason.None, await world.ReasonAsync(world.Issuer.Issue(IapWorld.Audience)));
            do
            {
                // The clock goes on while the flood waits, as clocks do.
                world.Time.Advance(0.1 * Second);
                await Task.Yield();
            }
            while (!flood.IsCompleted);

            Assert.All(await flood, reason => Assert.Equal(RefusalReason.IapUnknownKey, reason));
        }

        Assert.InRange(world.Keys.Fetches - fetches, 5, (world.Time.GetUtcNow() - start) / IapKeySchedule.CoolDown);
        Assert.Equal(1, world.Verifier.KeyStatus.Count);
    }

    [Fact]
    public async Task Notices_a_rotation_by_a_single_assertion_in_the_middle_of_the_cool_down()
    {
        await using var world = await IapWorld.WithKeysAsync();
        world.Time.Advance(Second);
        world.Issuer.Rotate();
        var token = world.Issuer.Issue(IapWorld.Audience);
        Assert.Equal(RefusalReason.IapUnknownKey, await world.ReasonAsync(token));
        await IapWorld.UntilAsync(() => world.Time.ArmedTimers is [var rest] && rest <= 9 * Second);

        world.Time.Advance(9 * Second); // nobody asks again
        await world.AsleepAfterAsync(2);

        Assert.Equal(2, world.Keys.Fetches);
        Assert.Equal(RefusalReason.None, await world.ReasonAsync(token));
    }

    [Fact]
    public async Task Asks_again_when_the_running_fetch_was_older_than_the_rotation()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var before = world.Issuer.KeySet;
        world.Time.Advance(TimeSpan.FromMinutes(5));
        var answer = new TaskCompletionSource<HttpResponseMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Keys.Script = (_, _) => answer.Task;
        world.Issuer.Rotate();
        var token = world.Issuer.Issue(IapWorld.Audience);

        var first = world.ReasonAsync(token);
        await IapWorld.UntilAsync(() => world.Keys.Fetches == 2);
        var joined = world.ReasonAsync(token);
        world.Keys.Script = null;
        answer.SetResult(world.Keys.Answer(before));
        Assert.Equal(RefusalReason.IapUnknownKey, await first);
        Assert.Equal(RefusalReason.IapUnknownKey, await joined);
        await IapWorld.UntilAsync(() => world.Time.ArmedTimers is [var rest] && rest <= 10 * Second);
        world.Time.Advance(10 * Second);
        await world.AsleepAfterAsync(3);

        Assert.Equal(RefusalReason.None, await world.ReasonAsync(token));
    }
}
