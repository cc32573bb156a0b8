using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using OriginGuard.ForeignText;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Guard;

public sealed class AdmittedPathAllocationTests
{
    private const string NoRecord = "SourceAddress:RecordNames=";
    private const string Address = "SourceAddress:Networks:0=34.96.0.0/20";
    private const string NoAddress = "SourceAddress:Mode=Disabled";
    private const string Secret = $"SharedSecret:Secrets:0={GuardedApp.Secret}";

    /// <summary>Each way in that allocates nothing, and what the guard finds about it.</summary>
    public static TheoryData<string, string, OriginOutcome, string[]> WaysIn => new()
    {
        { "address", "34.96.1.1", OriginOutcome.Admitted, [Address] },
        { "address, as a dual-stack socket reports it", "::ffff:34.96.1.1", OriginOutcome.Admitted, [Address] },
        { "secret", "203.0.113.66", OriginOutcome.Admitted, [NoAddress, Secret] },
        { "address and secret", "34.96.1.1", OriginOutcome.Admitted, [Address, Secret] },
        { "address and the older of two secrets", "34.96.1.1", OriginOutcome.Admitted, [Address, $"SharedSecret:Secrets:0={GuardedApp.PreviousSecret}", $"SharedSecret:Secrets:1={GuardedApp.Secret}"] },
        { "address and secret, only reported", "34.96.1.1", OriginOutcome.Admitted, [Address, Secret, "Mode=ReportOnly"] },
        { "an exempt path", "203.0.113.66", OriginOutcome.Exempted, [Address, Secret, "Exemptions:0:Path=/"] },
        { "a guard that is switched off", "203.0.113.66", OriginOutcome.Exempted, [Address, Secret, "Mode=Disabled"] },
    };

    [Theory]
    [MemberData(nameof(WaysIn))]
    public async Task A_request_that_goes_on_allocates_nothing(string way, string peer, OriginOutcome outcome, string[] settings)
    {
        await using var app = await GuardedApp.StartAsync(settings.Append(NoRecord).ToDictionary(
            setting => $"OriginGuard:{setting[..setting.IndexOf('=', StringComparison.Ordinal)]}",
            setting => (string?)setting[(setting.IndexOf('=', StringComparison.Ordinal) + 1)..]));
        app.Metrics.Dispose();
        using var listener = CountingListener();
        var guard = Pipeline(app, static _ => Task.CompletedTask);
        var context = new DefaultHttpContext { Request = { Path = "/" }, Connection = { RemoteIpAddress = IPAddress.Parse(peer) } };

        Assert.Equal((way, 0), (way, Allocated(guard, context)));
        Assert.Equal(outcome, context.Features.Get<IOriginGuardFeature>()!.Verdict.Outcome);
    }

    [Theory]
    [InlineData("203.0.113.9,198.51.100.1")]
    [InlineData(" 203.0.113.9 , 198.51.100.1 ", "198.51.100.2,198.51.100.3")]
    public void Reading_an_entry_of_X_Forwarded_For_allocates_nothing(params string[] lines)
    {
        const int Times = 1000;
        var header = new StringValues(lines);
        var found = Count(header, Times);

        Assert.Equal(0, Allocation.LeastOf(() => Count(header, Times)));
        Assert.Equal(Times, found);

        static int Count(StringValues header, int times)
        {
            var count = 0;
            for (var i = 0; i < times; i++)
            {
                count += ForwardedForReader.TryGetEntry(header, 2, out var entry) && !entry.IsEmpty ? 1 : 0;
            }

            return count;
        }
    }

    [Fact]
    public async Task The_measure_sees_an_allocation_where_there_is_one()
    {
        await using var app = await GuardedApp.StartAsync();
        var guard = Pipeline(app, static context => context.Items.TryAdd(new object(), null) ? Task.CompletedTask : Task.CompletedTask);
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = GuardedApp.LoadBalancer } };

        Assert.NotEqual(0, Allocated(guard, context));
    }

    /// <summary>From the arrival to the application, as a host makes it.</summary>
    private static RequestDelegate Pipeline(GuardedApp app, RequestDelegate application)
    {
        var builder = new ApplicationBuilder(app.Services);
        app.Services.GetServices<IStartupFilter>().First().Configure(guarded =>
        {
            guarded.UseOriginGuard();
            guarded.Run(application);
        })(builder);
        return builder.Build();
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

    /// <summary>
    /// The least of several rounds: what a request allocates shows in each of them, and what the runtime puts on this thread once, while it compiles, does not.
    /// </summary>
    private static long Allocated(RequestDelegate guard, DefaultHttpContext context)
    {
        const int Times = 1000;
        return Allocation.LeastOf(() =>
        {
            for (var i = 0; i < Times; i++)
            {
                Once(guard, context);
            }
        });
    }

    private static void Once(RequestDelegate guard, DefaultHttpContext context)
    {
        // What a server does between two requests on one connection: the context stays, what the request brought goes.
        context.Features.Set<IOriginGuardFeature>(null);
        context.Request.Headers["X-Origin-Guard"] = GuardedApp.Secret;
        context.Request.Headers["X-Forwarded-For"] = "203.0.113.9,198.51.100.1";
        Assert.True(guard(context).IsCompletedSuccessfully);
    }
}
