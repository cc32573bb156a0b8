namespace OriginGuard.Learning;

/// <summary>An audience of assertions with a valid signature, and how many of them came with a right secret.</summary>
internal sealed record LearnedAudience(string Audience, long Requests, long WithRightSecret);
