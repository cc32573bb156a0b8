namespace OriginGuard.Testing.Dns;

/// <summary>Counts questions, and wakes whoever waits for a number of them.</summary>
internal sealed class QueryCounter
{
    private readonly Lock _lock = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
    private int _udp;
    private int _tcp;

    public int Udp => Volatile.Read(ref _udp);

    public int Tcp => Volatile.Read(ref _tcp);

    /// <summary>Counts one question and says which it was.</summary>
    public int Count(bool overTcp)
    {
        lock (_lock)
        {
            var number = overTcp ? _udp + ++_tcp : ++_udp + _tcp;
            foreach (var (_, reached) in _waiting.Where(waiting => waiting.Count <= number))
            {
                reached.TrySetResult();
            }

            _waiting.RemoveAll(waiting => waiting.Count <= number);
            return number;
        }
    }

    public Task WaitAsync(int count, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_udp + _tcp >= count)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((count, reached));
            return reached.Task.WaitAsync(cancellationToken);
        }
    }
}
