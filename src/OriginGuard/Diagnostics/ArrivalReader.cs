using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.JsonWebTokens;
using OriginGuard.Checks;
using OriginGuard.Guard;
using OriginGuard.Iap;

namespace OriginGuard.Diagnostics;

/// <summary>
/// Says in what form a request arrived: counts, sizes and spellings, never a value. What Google's pages leave open about its load balancer is settled by them; see
/// <c>originguard probe --report</c>.
/// </summary>
internal static class ArrivalReader
{
    /// <summary>Headers whose names begin so, in whatever spelling, are described one by one: whoever asks sends them to see what becomes of them.</summary>
    public const string TestPrefix = "X-OriginGuard-Probe";

    private const int MostNames = 16;
    private const int MostTests = 8;

    // A colon, a blank and the end of the line, as HTTP/1.1 has them.
    private const int LineOverhead = 4;

    private static readonly string[] FrontEndNames = ["X-Forwarded-", "X-Cloud-", "X-Google-", "X-Goog-", "X-Serverless-", "Forwarded", "Via", "CDN-Loop", "traceparent"];

    public static ArrivalDiagnosis Of(GuardedRequest asking)
    {
        // Without those that the guard itself may have written.
        KeyValuePair<string, StringValues>[] seen = [.. asking.Context.Request.Headers.Where(static header => !IapIdentityHeaders.IsUnsigned(header.Key))];
        var taken = asking.Plan.Options.SharedSecret.HeaderName;
        var secret = Array.Exists(seen, header => header.Key.Equals(taken, StringComparison.OrdinalIgnoreCase)) ? default : asking.Secret;
        return new ArrivalDiagnosis(
            asking.Context.Request.Protocol,
            seen.Sum(static header => header.Value.Count) + secret.Count,
            seen.Sum(static header => Octets(header.Key, header.Value)) + Octets(taken, secret),
            [.. seen.Select(static header => header.Key).Where(IsOfFrontEnd).Order(StringComparer.OrdinalIgnoreCase).Take(MostNames)],
            asking.Secret.Count,
            asking.Assertion.Count,
            asking.User is not null && asking.Assertion is [{ } assertion] ? IssuedAt(assertion) : null,
            asking.ForwardedFor.Sum(static line => line?.Split(',').Length ?? 0),
            [.. seen.Where(header => GuardedHeader.StartsLike(header.Key, TestPrefix) && !header.Key.Equals(taken, StringComparison.OrdinalIgnoreCase)).Take(MostTests).Select(static header =>
                new TestHeaderDiagnosis(header.Key, header.Value.Count, header.Value.Sum(static line => line?.Length ?? 0)))]);
    }

    private static int Octets(string name, StringValues lines) => lines.Sum(line => name.Length + LineOverhead + (line?.Length ?? 0));

    private static bool IsOfFrontEnd(string name) => Array.Exists(FrontEndNames, start => GuardedHeader.StartsLike(name, start));

    /// <summary>Of an assertion that has been found valid.</summary>
    private static DateTimeOffset IssuedAt(string assertion) => new(new JsonWebToken(assertion.Trim()).IssuedAt, TimeSpan.Zero);
}
