using System.Net;
using Microsoft.Extensions.Logging;
using OriginGuard.Checks;

namespace OriginGuard.Telemetry;

/// <summary>
/// Says in the log that requests are not admitted, without letting whoever sends them fill it: the first of a reason in full, then at most one
/// line per reason and minute. One counter per reason is all the memory that a flood can use.
/// </summary>
internal sealed partial class RefusalSummary : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ILogger _logger;
    private readonly ReasonWindow[] _windows;

    public RefusalSummary(TimeProvider time, ILogger<RefusalSummary> logger)
    {
        _logger = logger;
        _windows = [.. Enum.GetValues<RefusalReason>().Select(reason => new ReasonWindow(reason, time, logger))];
    }

    public void Add(OriginVerdict verdict, IPAddress? peer, bool enforced)
    {
        Log.NotAdmitted(_logger, verdict.Reason.ToCode(), peer, enforced);
        _windows[(int)verdict.Reason].Add(peer, enforced);
    }

    public void Dispose()
    {
        foreach (var window in _windows)
        {
            window.Dispose();
        }
    }

    /// <summary>The window of one reason: closed while nothing happens, so that an idle guard keeps no timer running.</summary>
    private sealed class ReasonWindow : IDisposable
    {
        private readonly ILogger _logger;
        private readonly string _code;
        private readonly string _page;
        private readonly ITimer _timer;
        private long _count;
        private int _open;
        private volatile IPAddress? _lastPeer;

        public ReasonWindow(RefusalReason reason, TimeProvider time, ILogger logger)
        {
            _logger = logger;
            _code = reason.ToCode();
            _page = $"docs/troubleshooting.md#{_code.Replace('.', '-').Replace('_', '-')}";
            _timer = time.CreateTimer(static state => ((ReasonWindow)state!).Close(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public void Add(IPAddress? peer, bool enforced)
        {
            _lastPeer = peer;
            if (Interlocked.Exchange(ref _open, 1) == 1)
            {
                Interlocked.Increment(ref _count);
                return;
            }

            Log.FirstNotAdmitted(_logger, _code, peer, enforced ? "refused" : "let through, since this is report-only", _page);
            _timer.Change(Window, Timeout.InfiniteTimeSpan);
        }

        public void Dispose() => _timer.Dispose();

        private void Close()
        {
            if (Interlocked.Exchange(ref _count, 0) is var count and > 0)
            {
                Log.NotAdmittedSummary(_logger, count, _code, _lastPeer, _page);
                _timer.Change(Window, Timeout.InfiniteTimeSpan);
            }
            else
            {
                Volatile.Write(ref _open, 0);
            }
        }
    }
}
