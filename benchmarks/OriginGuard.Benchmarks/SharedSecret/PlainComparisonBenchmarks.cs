using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;

namespace OriginGuard.Benchmarks.SharedSecret;

/// <summary>Baselines: one value against one other. The first is in constant time for values of one length, the second is not at all.</summary>
[MemoryDiagnoser]
public class PlainComparisonBenchmarks
{
    private readonly string _secret = SecretRingBenchmarks.Secret(0);

    // Objects of their own: a text compared with itself is compared by reference.
    private readonly string _right = new(SecretRingBenchmarks.Secret(0).AsSpan());
    private readonly string _wrong = SecretRingBenchmarks.Secret(1);
    private byte[] _secretBytes = [];
    private byte[] _rightBytes = [];
    private byte[] _wrongBytes = [];

    [GlobalSetup]
    public void Encode() =>
        (_secretBytes, _rightBytes, _wrongBytes) = (Encoding.ASCII.GetBytes(_secret), Encoding.ASCII.GetBytes(_right), Encoding.ASCII.GetBytes(_wrong));

    [Benchmark(Description = "FixedTimeEquals, match")]
    public bool FixedTimeMatch() => CryptographicOperations.FixedTimeEquals(_secretBytes, _rightBytes);

    [Benchmark(Description = "FixedTimeEquals, mismatch")]
    public bool FixedTimeMismatch() => CryptographicOperations.FixedTimeEquals(_secretBytes, _wrongBytes);

    [Benchmark(Description = "string ==, match")]
    public bool OrdinaryMatch() => _secret == _right;

    [Benchmark(Description = "string ==, mismatch")]
    public bool OrdinaryMismatch() => _secret == _wrong;
}
