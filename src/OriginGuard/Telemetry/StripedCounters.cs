namespace OriginGuard.Telemetry;

/// <summary>
/// A fixed number of counters that many threads may raise at once: each processor has a row of its own, and reading adds the rows up. Never grows, and
/// raising one allocates nothing.
/// </summary>
internal sealed class StripedCounters
{
    private const int MostRows = 16;

    // Counters to a cache line of 64 bytes: rows that share one would slow each other down.
    private const int Line = 8;

    private readonly long[] _values;
    private readonly int _rowLength;
    private readonly int _mask;

    public StripedCounters(int count)
    {
        var rows = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, MostRows));
        _mask = rows - 1;

        // A line more, since the array itself need not begin at one.
        _rowLength = ((count + Line - 1) / Line * Line) + Line;
        _values = new long[rows * _rowLength];
    }

    /// <summary>What was counted so far; while others count, up to what has just been added.</summary>
    public long this[int counter]
    {
        get
        {
            var sum = 0L;
            for (var at = counter; at < _values.Length; at += _rowLength)
            {
                sum += Interlocked.Read(ref _values[at]);
            }

            return sum;
        }
    }

    public void Add(int counter) => Interlocked.Increment(ref _values[((Thread.GetCurrentProcessorId() & _mask) * _rowLength) + counter]);
}
