using System.Diagnostics.CodeAnalysis;
using System.Net;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using OriginGuard.Benchmarks.SharedSecret;
using OriginGuard.Checks;

namespace OriginGuard.Benchmarks.Pipeline;

/// <summary>The one pass over a request's headers: over those of a real Kestrel, which has a table of its own for names that it knows, and over any other dictionary.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "BenchmarkDotNet calls the clean-up.")]
public class HeaderWalkBenchmarks
{
    private const string Secret = "X-Origin-Guard";

    // As a browser sends them, through the load balancer.
    private static readonly (string Name, string Value)[] Usual =
    [
        (Secret, SecretRingBenchmarks.Secret(0)), ("X-Forwarded-For", "203.0.113.9,34.98.76.54"), ("X-Forwarded-Proto", "https"), ("Via", "1.1 google"), ("User-Agent", "Mozilla/5.0"),
        ("Accept", "text/html"), ("Accept-Language", "en"), ("X-Cloud-Trace-Context", "105445aa7843bc8bf206b12000100000/1"), ("Cookie", "session=1"),
    ];

    private readonly HeaderWalk _walk = new(Secret, IapDefaults.AssertionHeader);
    private readonly OriginFindings _found = new();
    private readonly HeaderDictionary _any = [];
    private readonly TaskCompletionSource _end = new();
    private IHeaderDictionary _kestrel = null!;
    private WebApplication _server = null!;
    private Task _answer = null!;

    [Params(10, 20, 60)]
    public int Headers { get; set; }

    [GlobalSetup]
    public void SetUp() => SetUpAsync().GetAwaiter().GetResult();

    [Benchmark(Description = "Kestrel's headers")]
    public int Kestrel() => Take(_kestrel);

    [Benchmark(Description = "any dictionary")]
    public int Any() => Take(_any);

    [GlobalCleanup]
    public void TearDown() => TearDownAsync().GetAwaiter().GetResult();

    private int Take(IHeaderDictionary headers)
    {
        _walk.Take(headers, _found);
        return _found.Secret.Count;
    }

    /// <summary>The headers of a request that is answered only at the end: Kestrel takes them back with the answer.</summary>
    private async Task SetUpAsync()
    {
        var arrived = new TaskCompletionSource<IHeaderDictionary>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static options => options.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(context =>
        {
            arrived.SetResult(context.Request.Headers);
            return _end.Task;
        });
        await _server.StartAsync();
        _answer = SendAsync(new Uri(_server.Urls.First()));
        _kestrel = await arrived.Task;
        foreach (var (name, value) in _kestrel)
        {
            _any[name] = value;
        }

        if (_kestrel.Count != Headers || Kestrel() != 1 || Any() != 1)
        {
            throw new InvalidOperationException("The benchmark measures another thing than it says.");
        }
    }

    private async Task SendAsync(Uri origin)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, origin);
        foreach (var (name, value) in Usual.Concat(Enumerable.Range(0, Headers - Usual.Length - 1).Select(static number => ($"X-Custom-{number}", "value"))))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await client.SendAsync(request);
    }

    private async Task TearDownAsync()
    {
        _end.SetResult();
        await _answer;
        await _server.DisposeAsync();
    }
}
