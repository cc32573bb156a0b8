using System.Text.Json;

namespace OriginGuard.Benchmarks.Results;

/// <summary>Everything that a report has measured, and all that the tables of its page are filled from.</summary>
internal sealed record PerformanceResults(
    Conditions Conditions,
    IReadOnlyList<BenchmarkFigure> Benchmarks,
    IReadOnlyList<MemoryFigure> Memory,
    IReadOnlyList<PairFigure> Pairs,
    IReadOnlyList<ConstantTimeFigure> ConstantTime,
    IReadOnlyList<ProfileFigure> Profile,
    IReadOnlyList<PoptrieFigure> Poptrie)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly JsonSerializerOptions Compact = new();

    public static PerformanceResults FromJson(string json) =>
        JsonSerializer.Deserialize<PerformanceResults>(json) ?? throw new FormatException("There are no results in the file.");

    public string ToJson(bool indented) => JsonSerializer.Serialize(this, indented ? Indented : Compact);

    public BenchmarkFigure? Benchmark(string suite, string name, string parameters = "") =>
        Benchmarks.FirstOrDefault(figure => (figure.Suite, figure.Name, figure.Parameters) == (suite, name, parameters));

    public PairFigure? Pair(string suite, string name, int size = 0) =>
        Pairs.FirstOrDefault(figure => (figure.Suite, figure.Name, figure.Size) == (suite, name, size));

    public IEnumerable<BenchmarkFigure> BenchmarksOf(string suite) => Benchmarks.Where(figure => figure.Suite == suite);

    public IEnumerable<PairFigure> PairsOf(string suite) => Pairs.Where(figure => figure.Suite == suite);
}
