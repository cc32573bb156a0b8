using System.Net;
using OriginGuard.Iap;

namespace OriginGuard.Guard;

/// <summary>Which settings may not go without a word, beside the modes: those by whose absence somebody else is let in, asked or believed.</summary>
internal static class WeakerWithout
{
    /// <param name="key">A setting that was given, is not given any more, and has another value now.</param>
    /// <param name="current">The options in force.</param>
    /// <param name="next">The options that would follow.</param>
    public static bool Is(string key, OriginGuardOptions current, OriginGuardOptions next) => key[(OriginGuardOptions.SectionName.Length + 1)..] switch
    {
        // Another value is another question, whichever is stricter: who answers, where the peer stands, what may be believed of a record and for how long.
        "Platform" or "SourceAddress:From" or "SourceAddress:ForwardedForPosition" or "SourceAddress:RecordNames" or "SourceAddress:Networks"
            or "SourceAddress:MinPrefixLengthV4" or "SourceAddress:MinPrefixLengthV6" or "SourceAddress:MaxAge" or "SharedSecret:HeaderName"
            or "ClientAddress:Position" => true,

        // One takes the place of the other, when it is the other that was written.
        "Dns:Servers" => next.Dns.HttpsEndpoint is null,
        "Dns:HttpsEndpoint" => next.Dns.Servers.Length == 0 || next.Dns.Servers.SequenceEqual(current.Dns.Servers, StringComparer.Ordinal),

        // Only in one direction. What code had set before the configuration may be milder than it, and comes back without it.
        "SourceAddress:AllowNonPublicNetworks" => next.SourceAddress.AllowNonPublicNetworks,
        "SourceAddress:UseBuiltInRanges" => next.SourceAddress.UseBuiltInRanges,
        "SharedSecret:RemoveHeader" => !next.SharedSecret.RemoveHeader,
        "SharedSecret:Secrets" => next.SharedSecret.Secrets.Except(current.SharedSecret.Secrets, StringComparer.Ordinal).Any(),
        "SharedSecret:SecretFiles" => next.SharedSecret.SecretFiles.Except(current.SharedSecret.SecretFiles, StringComparer.Ordinal).Any(),
        ['I', 'a', 'p', ':', .. var name] => WeakerIap.Is(name, current.Iap, next.Iap),
        "ClientAddress:Restore" => next.ClientAddress.Restore,
        "Exemptions" => Array.Exists(next.Exemptions, exemption => !Array.Exists(current.Exemptions, before => Covers(before, exemption))),
        _ => false,
    };

    private static bool Covers(ExemptionOptions before, ExemptionOptions now) => string.Equals(before.Path, now.Path, StringComparison.Ordinal)
        && (before.Networks.Length == 0 || (now.Networks.Length > 0 && Array.TrueForAll(now.Networks, network => before.Networks.Contains<IPNetwork>(network))));
}
