using System.Net;
using Microsoft.Coyote.Specifications;

namespace OriginGuard.Coyote;

/// <summary>A DNS that numbers its answers, takes its time, and goes on when nobody waits any more.</summary>
internal sealed class SerialResolver : ITxtResolver
{
    public const int SecondGeneration = 100;

    private int _serial;
    private volatile int _generation;
    private volatile bool _isOver;

    public int Generation
    {
        set => _generation = value;
    }

    public bool IsOver
    {
        set => _isOver = value;
    }

    public static int SerialOf(IPNetwork network) => network.BaseAddress.GetAddressBytes()[2];

    public async ValueTask<TxtAnswer> ResolveTxtAsync(string name, CancellationToken cancellationToken)
    {
        // A lookup that was given up may only now come to run; nobody waits for it.
        Specification.Assert(!_isOver || cancellationToken.IsCancellationRequested, "DNS was asked after the end.");
        var serial = Interlocked.Increment(ref _serial) + (_generation * SecondGeneration);
        await Task.Yield();
        return TxtAnswer.Found([$"v=spf1 ip4:34.96.{serial}.0/24 -all"], TimeSpan.FromMinutes(5));
    }
}
