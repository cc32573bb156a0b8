namespace OriginGuard.Sample.Attempts;

/// <summary>What came of an attempt. Neither text holds the secret.</summary>
/// <param name="Attempt">Which attempt it was.</param>
/// <param name="Title">What was tried.</param>
/// <param name="From">The address that it came from.</param>
/// <param name="To">The address that it went to.</param>
/// <param name="Request">The request as it was sent, the secret in words.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Verdict">The guard's verdict, as far as the answer tells.</param>
/// <param name="Reason">The code of the rule that refused it.</param>
/// <param name="Explanation">The answer in plain words.</param>
/// <param name="Response">The answer as it came.</param>
/// <param name="Expected">What had to come of it.</param>
/// <param name="Seen">What came of it, to be compared with that.</param>
internal sealed record AttemptResult(
    string Attempt,
    string Title,
    string From,
    string To,
    string Request,
    int Status,
    string? Verdict,
    string? Reason,
    string Explanation,
    string Response,
    string Expected,
    string Seen)
{
    public bool AsExpected => Seen == Expected;
}
