namespace OriginGuard.Benchmarks.Results;

/// <summary>Names by which the page finds what the report has measured.</summary>
internal static class Suites
{
    public const string Ipv4 = "CidrTrieIpv4Benchmarks";
    public const string Ipv6 = "CidrTrieIpv6Benchmarks";
    public const string Build = "CidrTrieBuildBenchmarks";
    public const string SecretRing = "SecretRingBenchmarks";
    public const string PlainComparison = "PlainComparisonBenchmarks";
    public const string ForwardedFor = "ForwardedForBenchmarks";
    public const string Spf = "SpfRecordBenchmarks";
    public const string Dns = "TxtResponseBenchmarks";
    public const string Iap = "IapBenchmarks";
    public const string Pipeline = "PipelineBenchmarks";
    public const string HeaderWalk = "HeaderWalkBenchmarks";

    public const string Throughput = "throughput";
    public const string NetworkGrowth = "networks";
    public const string SecretGrowth = "secrets";
    public const string Refusals = "refusals";
    public const string Connections = "connections";

    public const string Control = "no guard, against itself";
    public const string AddressAndSecret = "address, secret";
    public const string Pipelined = "address, secret; 64 at once";
    public const string NoLookup = "no lookup";
    public const string ForwardedHeaders = "UseForwardedHeaders, two networks";
}
