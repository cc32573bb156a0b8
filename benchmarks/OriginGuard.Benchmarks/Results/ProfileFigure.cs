namespace OriginGuard.Benchmarks.Results;

/// <summary>A part of what the guard does with one request: how many samples of a profile fell on it, of how many in all of the guard.</summary>
internal sealed record ProfileFigure(string Part, int Samples, int OfSamples, double Nanoseconds)
{
    public double Share => (double)Samples / OfSamples;
}
