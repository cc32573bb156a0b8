using System.Net;
using OriginGuard.Networks;

namespace OriginGuard.Ranges;

/// <summary>What a refresh added and removed.</summary>
internal sealed class RangeDifference(IReadOnlyCollection<IPNetwork> before, IReadOnlyCollection<IPNetwork> after)
{
    private const int MostNamed = 20;

    private readonly IPNetwork[] _added = [.. NetworkSet.InOrder(after.Except(before))];
    private readonly IPNetwork[] _removed = [.. NetworkSet.InOrder(before.Except(after))];

    public bool IsEmpty => _added.Length == 0 && _removed.Length == 0;

    /// <summary>The added networks in words that fit a log line.</summary>
    public string Added => Name(_added);

    /// <summary>The removed networks in words that fit a log line.</summary>
    public string Removed => Name(_removed);

    private static string Name(IPNetwork[] networks) => networks.Length switch
    {
        0 => "none",
        <= MostNamed => string.Join(", ", networks),
        _ => $"{string.Join(", ", networks.Take(MostNamed))} and {networks.Length - MostNamed} more",
    };
}
