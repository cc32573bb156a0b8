using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Telemetry;

public sealed class ActivityTagsTests
{
    [Theory]
    [InlineData(GuardedApp.Secret, ActivitySamplingResult.AllDataAndRecorded, "admitted", null)]
    [InlineData("wrong", ActivitySamplingResult.AllDataAndRecorded, "refused", "secret.mismatch")]
    [InlineData("wrong", ActivitySamplingResult.PropagationData, null, null)]
    public async Task The_requests_own_activity_carries_the_verdict_where_it_is_sampled_and_no_other_does(string secret, ActivitySamplingResult sampled, string? verdict, string? reason)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref _) => sampled,
        };
        ActivitySource.AddActivityListener(listener);
        Activity? own = null;
        Activity? inner = null;
        await using var app = await GuardedApp.StartAsync(GuardedApp.Settings(), pipeline: app =>
        {
            app.Use((context, next) =>
            {
                own = context.Features.Get<IHttpActivityFeature>()?.Activity;
                inner = new Activity("of an earlier middleware").Start();
                return next(context);
            });
            app.UseOriginGuard();
        });

        await app.SendAsync(GuardedApp.LoadBalancer, request => request.Headers["X-Origin-Guard"] = secret);

        Assert.NotNull(own);
        Assert.Equal((verdict, reason), (own.GetTagItem("originguard.verdict") as string, own.GetTagItem("originguard.reason") as string));
        Assert.Empty(inner!.TagObjects);
        inner.Dispose();
    }
}
