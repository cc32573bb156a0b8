namespace OriginGuard.Diagnostics;

/// <summary>In what form the request that asks arrived, without a value of a header.</summary>
/// <param name="Protocol">The version of HTTP between the load balancer and the origin.</param>
/// <param name="HeaderLines">How many header lines there were, without those in which IAP names the user.</param>
/// <param name="HeaderOctets">What they were long in HTTP/1.1: names, values, and four octets for each line.</param>
/// <param name="FrontEndHeaders">Names, as the server spells them, of headers that front ends are known to add. At most 16.</param>
/// <param name="SecretLines">Lines with the secret's name.</param>
/// <param name="AssertionLines">Lines with the assertion's name.</param>
/// <param name="AssertionIssuedAt">The time in the assertion, once it has been found valid.</param>
/// <param name="ForwardedForEntries">Entries of X-Forwarded-For.</param>
/// <param name="TestHeaders">Headers that the request was sent with to see what becomes of them. At most 8.</param>
internal sealed record ArrivalDiagnosis(
    string Protocol,
    int HeaderLines,
    int HeaderOctets,
    IReadOnlyList<string> FrontEndHeaders,
    int SecretLines,
    int AssertionLines,
    DateTimeOffset? AssertionIssuedAt,
    int ForwardedForEntries,
    IReadOnlyList<TestHeaderDiagnosis> TestHeaders);

/// <summary>A header whose name begins with X-OriginGuard-Probe.</summary>
/// <param name="Name">As the server spells it: as it arrived, with Kestrel.</param>
/// <param name="Lines">In how many lines it came.</param>
/// <param name="Octets">How long their values are together.</param>
internal sealed record TestHeaderDiagnosis(string Name, int Lines, int Octets);
