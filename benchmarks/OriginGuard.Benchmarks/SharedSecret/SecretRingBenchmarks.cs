using System.Globalization;
using BenchmarkDotNet.Attributes;
using OriginGuard.SharedSecret;

namespace OriginGuard.Benchmarks.SharedSecret;

/// <summary>One header value against a ring: the same for a right and a wrong value, whichever slot holds it.</summary>
[MemoryDiagnoser]
public class SecretRingBenchmarks
{
    private SecretRing _ring = SecretRing.Empty;
    private string _right = "";
    private string _wrong = "";

    [Params(1, 2, 4, 8)]
    public int Slots { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        string[] secrets = [.. Enumerable.Range(0, Slots).Select(Secret)];
        _ring = new SecretRing(secrets);
        _right = secrets[^1];
        _wrong = Secret(Slots);
        if (Match() != Slots - 1 || Mismatch() is not null)
        {
            throw new InvalidOperationException("The benchmark measures another thing than it says.");
        }
    }

    [Benchmark(Description = "match, last slot")]
    public int? Match() => _ring.Find(_right);

    [Benchmark(Description = "mismatch")]
    public int? Mismatch() => _ring.Find(_wrong);

    // 43 characters: 32 bytes in base64url, as the start-up errors propose. The values differ in their last character only.
    internal static string Secret(int slot) => string.Create(CultureInfo.InvariantCulture, $"l6m2Qd0nXk4vT8rYw1uZb5cJ7gHfSa3pEoRiNtLyKx{slot:x}");
}
