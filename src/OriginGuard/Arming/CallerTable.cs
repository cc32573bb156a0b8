using OriginGuard.Telemetry;

namespace OriginGuard.Arming;

/// <summary>
/// The callers of one kind, in bounded memory. When it is full, a new one takes the place of the least busy on the route that has the most (and, where that is its
/// own route, its count as an overcount: the space-saving algorithm): noise on one route crowds out nobody on another. Not for several threads.
/// </summary>
/// <param name="rate">How often one may take another's place, which costs: names and routes are chosen by whoever calls.</param>
internal sealed class CallerTable(PerSecond rate)
{
    public const int Most = 64;

    private readonly Dictionary<CallerKey, Caller> _callers = [];

    public IReadOnlyCollection<Caller> All => _callers.Values;

    public void Add(CallerKey key, DateTimeOffset now, bool isEnforced)
    {
        if (!_callers.TryGetValue(key, out var caller))
        {
            if (_callers.Count >= Most && !rate.Take())
            {
                return;
            }

            caller = new Caller(key, now, _callers.Count < Most ? 0 : MakeRoom(key.Route));
            _callers.Add(key, caller);
        }

        caller.Count(now, isEnforced);
    }

    public void Restore(Caller caller)
    {
        if (_callers.Count < Most)
        {
            _callers[caller.Key] = caller;
        }
    }

    private long MakeRoom(string? route)
    {
        var crowded = _callers.Values.GroupBy(static caller => caller.Key.Route).MaxBy(group => (group.Count(), group.Key == route))!; // the table is full
        var least = crowded.OrderBy(static caller => caller.Weight).ThenBy(static caller => caller.Last).First();
        _callers.Remove(least.Key);
        return least.Key.Route == route ? least.Weight : 0;
    }
}
