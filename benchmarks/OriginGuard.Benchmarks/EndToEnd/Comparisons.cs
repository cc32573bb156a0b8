using OriginGuard.Benchmarks.Results;
using OriginGuard.Benchmarks.SharedSecret;

namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>Everything that the end-to-end mode compares.</summary>
internal static class Comparisons
{
    public const string Address = "address";
    public const string AddressSecretAndIap = "address, secret, IAP";
    public const string Refused = "refused by the middleware";
    public const string Mixed = "half refused, half admitted";
    public const string RefusedOnConnection = "refused on the connection";

    private static readonly string FromTheLoadBalancer = $"X-Origin-Guard: {SecretRingBenchmarks.Secret(0)}\r\nX-Forwarded-For: 203.0.113.9,34.98.76.54\r\n";
    private static readonly LoadSource Friend = new(OriginSpec.Friend, 200);
    private static readonly LoadSource Stranger = new(OriginSpec.Stranger, 403);
    private static readonly Side Unguarded = new(new OriginSpec(), Friend);

    /// <summary>What a profile looks at: many requests at once, so that sockets and kernel take little of the time.</summary>
    public static Comparison Profiled { get; } = PipelinedRequests() with { Header = FromTheLoadBalancer };

    public static IEnumerable<Comparison> All(Uri keysUri, string assertion) =>
    [
        .. Throughput(keysUri, assertion).Concat(Growth()).Select(comparison => comparison with { Header = FromTheLoadBalancer + comparison.Header }),
        .. Refusals().Append(Connections()).Select(comparison => comparison with { Header = FromTheLoadBalancer }),
    ];

    private static IEnumerable<Comparison> Throughput(Uri keysUri, string assertion)
    {
        // In more rounds than the others, and so the next: bars hang on these, and the figures are a few hundredths away from them.
        yield return new(
            Suites.Throughput, Unguarded, new Subject(Suites.Control, 0, Unguarded), new Subject(Address, 0, Guarded(2, 0)), new Subject(Suites.AddressAndSecret, 0, Guarded(2, 1)))
        {
            Starts = 6,
            Rounds = 40,
        };
        yield return PipelinedRequests();
        yield return new(
            Suites.Throughput, Unguarded, new Subject(AddressSecretAndIap, 0, new(new OriginSpec { Networks = 2, Secrets = 1, KeysUri = keysUri }, Friend)))
        {
            Starts = 1,
            Header = $"X-Goog-IAP-JWT-Assertion: {assertion}\r\n",
        };
    }

    private static Comparison PipelinedRequests() => new(Suites.Throughput, Unguarded, new Subject(Suites.Pipelined, 0, Guarded(2, 1))) { Depth = 64, Starts = 4, Rounds = 40 };

    private static IEnumerable<Comparison> Growth() =>
    [
        new(Suites.NetworkGrowth, Unguarded,
            [.. new[] { 2, 1_000, 100_000, 1_000_000 }.Select(static networks => new Subject(Address, networks, Guarded(networks, 0)))]),
        new(Suites.SecretGrowth, Unguarded, [.. new[] { 1, 2, 4, 8 }.Select(static secrets => new Subject(Suites.AddressAndSecret, secrets, Guarded(2, secrets)))]),
    ];

    private static IEnumerable<Comparison> Refusals()
    {
        var refusing = new OriginSpec { Networks = 2, Secrets = 1 };
        yield return new(
            Suites.Refusals, new(new OriginSpec { StatusCode = 403 }, Stranger), new Subject(Refused, 0, new(refusing, Stranger)));
        yield return new(
            Suites.Refusals, new(new OriginSpec(), Friend, Stranger with { Status = 200 }), new Subject(Mixed, 0, new(refusing, Friend, Stranger)))
        {
            Starts = 1,
        };
    }

    private static Comparison Connections()
    {
        var late = new OriginSpec { Networks = 2, Secrets = 1, IsTls = true };
        var early = new Side(late with { GuardsConnections = true }, Stranger with { Status = 0 });
        return new(Suites.Connections, new(late, Stranger), new Subject(RefusedOnConnection, 0, early)) { IsConnectionLoad = true };
    }

    private static Side Guarded(int networks, int secrets) => new(new OriginSpec { Networks = networks, Secrets = secrets }, Friend);
}
