using System.Net;
using OriginGuard.Checks;
using OriginGuard.Surroundings;

namespace OriginGuard.Telemetry;

/// <summary>The window of one reason: closed while nothing happens, so that an idle guard keeps no timer running.</summary>
internal sealed class RefusalWindow : IDisposable
{
    private const long Closed = 0;
    private const long Open = 1;

    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    private readonly string _code;
    private readonly string _page;
    private readonly FirstRefusal _first;
    private readonly FurtherRefusals _further;
    private readonly ITimer _timer;
    private long _state; // closed, or open and how many came since: one number, so that nobody is counted between the two
    private volatile IPAddress? _lastPeer;
    private volatile string? _lastReference;

    private RefusalWindow(RefusalReason reason, TimeProvider time, FirstRefusal first, FurtherRefusals further)
    {
        _code = reason.ToCode();
        _page = Pages.Of(reason);
        (_first, _further) = (first, further);
        _timer = Detached.CreateTimer(time, static state => ((RefusalWindow)state!).Close(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Writes the line about the first of a kind, in full.</summary>
    public delegate void FirstRefusal(string code, string peer, string treatment, string page);

    /// <summary>Writes the one line about all that came after it.</summary>
    public delegate void FurtherRefusals(long count, string code, string peer, string page);

    /// <summary>A window for each reason, at the reason's number.</summary>
    public static RefusalWindow[] ForEachReason(TimeProvider time, FirstRefusal first, FurtherRefusals further) =>
        [.. Enum.GetValues<RefusalReason>().Select(reason => new RefusalWindow(reason, time, first, further))];

    /// <param name="peer">Who it was.</param>
    /// <param name="enforced">Whether it was refused, and not only reported.</param>
    /// <param name="reference">What tells the operator more of it.</param>
    public void Add(IPAddress? peer, bool enforced, string? reference)
    {
        _lastPeer = peer;
        _lastReference = reference ?? _lastReference; // in a flood not every one has one
        if (Interlocked.Increment(ref _state) != Open)
        {
            return;
        }

        _lastReference = reference;
        // Before the line is written, here and below: a provider of the log may throw, and nobody else would come to close the window.
        _timer.Change(Length, Timeout.InfiniteTimeSpan);
        _first(_code, Name(peer), enforced ? "refused" : "let through, since this is report-only", WhatToDo(reference));
    }

    public void Dispose() => _timer.Dispose();

    private string WhatToDo(string? reference) => reference is null ? _page : $"{_page} or originguard explain {reference}";

    private static string Name(IPAddress? peer) => peer?.ToString() ?? "(no address)";

    private void Close()
    {
        if (Interlocked.CompareExchange(ref _state, Closed, Open) == Open)
        {
            return;
        }

        var count = Interlocked.Exchange(ref _state, Open) - Open;
        _timer.Change(Length, Timeout.InfiniteTimeSpan);
        try
        {
            _further(count, _code, Name(_lastPeer), WhatToDo(_lastReference));
        }
        catch (AggregateException)
        {
            // What a logger makes of its providers' failures. Nobody is there to catch it, and the process would end.
        }
    }
}
