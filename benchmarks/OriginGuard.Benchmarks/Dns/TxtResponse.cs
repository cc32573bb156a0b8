namespace OriginGuard.Benchmarks.Dns;

public enum TxtResponse
{
    /// <summary>The real record.</summary>
    Real,

    /// <summary>A record that fills a message over TCP.</summary>
    Full,

    /// <summary>A message over TCP full of aliases, under names that differ from the one in question at their far end only.</summary>
    Hostile,
}
