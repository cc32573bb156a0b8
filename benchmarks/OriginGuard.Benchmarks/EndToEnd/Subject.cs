namespace OriginGuard.Benchmarks.EndToEnd;

/// <summary>What is compared, and how many networks or secrets it has where that is the question.</summary>
internal sealed record Subject(string Name, int Size, Side Side);
