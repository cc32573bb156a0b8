namespace OriginGuard.Ranges;

/// <summary>Which rule ranges break, and a sentence for the log that says where.</summary>
internal readonly record struct RangeBreach(RangeFailure Failure, string Detail);
