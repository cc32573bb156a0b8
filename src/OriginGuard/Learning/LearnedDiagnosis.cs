namespace OriginGuard.Learning;

/// <summary>What really arrived while the guard only reports.</summary>
/// <param name="Since">When this began: with the first request under the configuration in force.</param>
/// <param name="Notice">What these numbers are, and what they are not.</param>
/// <param name="Requests">How many requests came.</param>
/// <param name="SecretHeader">Requests with the header of the secret, whatever its value.</param>
/// <param name="SecretRight">Requests whose secret is right.</param>
/// <param name="Networks">Where they came from, the busiest first.</param>
/// <param name="Audiences">What assertions were for that Identity-Aware Proxy has signed.</param>
/// <param name="Configuration">What would let in more of those that somebody vouched for, to be copied once it has been understood; null when there is nothing.</param>
internal sealed record LearnedDiagnosis(
    DateTimeOffset Since,
    string Notice,
    long Requests,
    long SecretHeader,
    long SecretRight,
    IReadOnlyList<LearnedNetwork> Networks,
    IReadOnlyList<LearnedAudience> Audiences,
    string? Configuration);

/// <summary>A network that requests came from; those that were vouched for had a right secret or a valid assertion.</summary>
internal sealed record LearnedNetwork(string Network, bool IsInRanges, long Requests, long OvercountAtMost, long VouchedFor);

/// <summary>An audience of assertions with a valid signature, and how many of them came with a right secret.</summary>
internal sealed record LearnedAudience(string Audience, long Requests, long WithRightSecret);
