namespace OriginGuard.Learning;

/// <summary>A network that requests came from; those that were vouched for had a right secret or a valid assertion.</summary>
internal sealed record LearnedNetwork(string Network, bool IsInRanges, long Requests, long OvercountAtMost, long VouchedFor);
