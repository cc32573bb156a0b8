using System.Diagnostics.Metrics;

namespace OriginGuard.Surroundings;

/// <summary>
/// Instruments whose listeners may throw: .NET calls them where the measurement is taken, in the middle of a request or of a refresh, and catches nothing. Here the
/// measurement is lost for the listeners behind, and nothing else.
/// </summary>
internal static class SteadyInstruments
{
    /// <summary>Adds one.</summary>
    public static void Count(this Counter<long> counter, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        try
        {
            counter.Add(1, tags);
        }
        catch (Exception)
        {
            // Whoever listens knows.
        }
    }

    public static void Note(this Histogram<double> histogram, double value, params ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        try
        {
            histogram.Record(value, tags);
        }
        catch (Exception)
        {
            // As above.
        }
    }
}
