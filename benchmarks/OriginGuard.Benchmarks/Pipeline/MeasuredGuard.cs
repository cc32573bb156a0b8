using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OriginGuard.Surroundings;

namespace OriginGuard.Benchmarks.Pipeline;

/// <summary>
/// The middleware with one configuration, between a server's context and an application that does nothing, while somebody listens to the metrics.
/// The context stays and what the request brought goes, as a server does it between two requests on one connection.
/// </summary>
internal sealed class MeasuredGuard : IDisposable
{
    public const string Host = "origin.example";

    private readonly IHost _host;
    private readonly MeterListener _listener;
    private readonly RequestDelegate _guard;
    private readonly DefaultHttpContext _context = new();
    private readonly IPAddress _peer;
    private readonly (string Name, string Value)[] _headers;

    private MeasuredGuard(IHost host, MeterListener listener, RequestDelegate pipeline, IPAddress peer, string path, (string Name, string Value)[] headers)
    {
        (_host, _listener, _guard, _peer, _headers) = (host, listener, pipeline, peer, headers);
        _context.Connection.RemoteIpAddress = peer;
        _context.Request.Method = HttpMethods.Get;
        _context.Request.Path = path;
        _context.Request.Host = new HostString(Host);
    }

    public static async Task<MeasuredGuard> StartAsync(
        Action<OriginGuardOptions> configure, IPAddress peer, string path = "/", params (string Name, string Value)[] headers)
    {
        var listener = Listen();
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddSingleton(new GuardClock(new HastyClock()));
        builder.Services.AddOriginGuard(configure);
        var host = builder.Build();
        await host.StartAsync();
        return new MeasuredGuard(host, listener, Pipeline(host.Services), peer, path, headers);
    }

    /// <summary>Middleware of the framework in the guard's place, to compare with.</summary>
    public static MeasuredGuard Start(Action<IServiceCollection> configure, Action<IApplicationBuilder> pipeline, IPAddress peer, params (string Name, string Value)[] headers)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        configure(builder.Services);
        var host = builder.Build();
        var application = new ApplicationBuilder(host.Services);
        pipeline(application);
        application.Run(static _ => Task.CompletedTask);
        return new MeasuredGuard(host, Listen(), application.Build(), peer, "/", headers);
    }

    /// <summary>One request, to see that it ends as the benchmark says.</summary>
    public async Task<MeasuredGuard> ExpectAsync(OriginOutcome outcome)
    {
        await InvokeAsync();
        return _context.Features.Get<IOriginGuardFeature>()?.Verdict.Outcome == outcome
            ? this
            : throw new InvalidOperationException("The benchmark measures another thing than it says.");
    }

    public Task InvokeAsync()
    {
        _context.Features.Set<IOriginGuardFeature>(null);
        _context.Connection.RemoteIpAddress = _peer;
        foreach (var (name, value) in _headers)
        {
            _context.Request.Headers[name] = value;
        }

        return _guard(_context);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _host.Dispose();
    }

    /// <summary>A second for each look at it: nothing that the guard does only so often in a second is left out of what is measured.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private long _now;

        public override long GetTimestamp() => _now += TimestampFrequency;
    }

    /// <summary>From the arrival to the application, as a web host makes it.</summary>
    private static RequestDelegate Pipeline(IServiceProvider services)
    {
        var builder = new ApplicationBuilder(services);
        services.GetServices<IStartupFilter>().First().Configure(static app =>
        {
            app.UseOriginGuard();
            app.Run(static _ => Task.CompletedTask);
        })(builder);
        return builder.Build();
    }

    private static MeterListener Listen()
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
}
