using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OriginGuard.Ranges;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests;

public sealed class AdmittedPathAllocationTests
{
    [Fact]
    public async Task An_admitted_request_allocates_nothing()
    {
        await using var app = await GuardedApp.StartAsync();
        app.Metrics.Dispose();
        using var listener = CountingListener();
        var guard = ActivatorUtilities.CreateInstance<OriginGuardMiddleware>(app.Services, new RequestDelegate(static _ => Task.CompletedTask));
        var context = new DefaultHttpContext();
        context.Features.Set(new ArrivalAddress(GuardedApp.LoadBalancer));

        Assert.Equal(0, Allocated(guard, context));
        Assert.True(context.Features.Get<IOriginGuardFeature>()!.Verdict.IsAllowed);
    }

    [Fact]
    public async Task The_measure_sees_an_allocation_where_there_is_one()
    {
        await using var app = await GuardedApp.StartAsync();
        var guard = ActivatorUtilities.CreateInstance<OriginGuardMiddleware>(
            app.Services, new RequestDelegate(static context => context.Items.TryAdd(new object(), null) ? Task.CompletedTask : Task.CompletedTask));
        var context = new DefaultHttpContext();
        context.Features.Set(new ArrivalAddress(GuardedApp.LoadBalancer));

        Assert.NotEqual(0, Allocated(guard, context));
    }

    /// <summary>Somebody measures, as in production, and allocates nothing by it.</summary>
    private static MeterListener CountingListener()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "OriginGuard")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        listener.Start();
        return listener;
    }

    private static long Allocated(OriginGuardMiddleware guard, DefaultHttpContext context)
    {
        const int Times = 1000;
        for (var i = 0; i < Times; i++)
        {
            Once(guard, context);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Times; i++)
        {
            Once(guard, context);
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Times;
    }

    private static void Once(OriginGuardMiddleware guard, DefaultHttpContext context)
    {
        // What a server does between two requests on one connection: the context stays, what the request brought goes.
        context.Features.Set<IOriginGuardFeature>(null);
        context.Request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
        context.Request.Headers["X-Forwarded-For"] = "203.0.113.9,198.51.100.1";
        Assert.True(guard.InvokeAsync(context).IsCompletedSuccessfully);
    }
}
