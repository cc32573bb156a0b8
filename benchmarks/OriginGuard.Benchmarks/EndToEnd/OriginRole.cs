using System.Globalization;
using System.Net;
using System.Runtime;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OriginGuard.Benchmarks.Ranges;
using OriginGuard.Benchmarks.SharedSecret;
using OriginGuard.TestKit;

namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>An origin in a process of its own: Kestrel, the guard if it is asked for, and the least application there is.</summary>
internal static class OriginRole
{
    public const string Name = "origin";
    public const string Audience = "/projects/123456789/global/backendServices/987654321";

    private static readonly byte[] Answer = "Hello, World!"u8.ToArray();

    /// <summary>Says its port, then its state each time a line comes in, and ends with its input.</summary>
    public static async Task<int> RunAsync(string spec)
    {
        using var certificate = new LoopbackCertificate();
        await using var app = Build(JsonSerializer.Deserialize<OriginSpec>(spec)!, certificate.Certificate);
        await app.StartAsync();
        Say(new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port.ToString(CultureInfo.InvariantCulture));
        while (await Console.In.ReadLineAsync() is not null)
        {
            Say(JsonSerializer.Serialize(new OriginState(Environment.CpuUsage.TotalTime.TotalSeconds, JitInfo.GetCompiledMethodCount())));
        }

        return 0;
    }

    private static WebApplication Build(OriginSpec spec, X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => Configure(listen, spec, certificate)));
        if (spec.Networks > 0)
        {
            builder.Services.AddOriginGuard(options => Configure(options, spec));
        }

        var app = builder.Build();
        if (spec.Networks > 0)
        {
            app.UseOriginGuard();
        }

        app.Run(spec.StatusCode == StatusCodes.Status200OK ? AnswerAsync : context =>
        {
            context.Response.StatusCode = spec.StatusCode;
            return Task.CompletedTask;
        });
        return app;
    }

    private static Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = Answer.Length;
        return context.Response.Body.WriteAsync(Answer, context.RequestAborted).AsTask();
    }

    private static void Configure(ListenOptions listen, OriginSpec spec, X509Certificate2 certificate)
    {
        if (spec.GuardsConnections)
        {
            listen.UseOriginGuard();
        }

        if (spec.IsTls)
        {
            listen.UseHttps(certificate);
        }
    }

    private static void Configure(OriginGuardOptions options, OriginSpec spec)
    {
        options.SourceAddress.RecordNames = [];
        options.SourceAddress.Networks = [.. RoutingTable.Ipv4(spec.Networks - 1), IPNetwork.Parse($"{OriginSpec.Friend}/32")];
        options.SharedSecret.Secrets = [.. Enumerable.Range(0, spec.Secrets).Select(SecretRingBenchmarks.Secret)];
        if (spec.KeysUri is not null)
        {
            (options.Iap.Audiences, options.Iap.KeysUri) = ([Audience], spec.KeysUri);
        }
    }

    private static void Say(string answer)
    {
        Console.Out.WriteLine(answer);
        Console.Out.Flush();
    }
}
