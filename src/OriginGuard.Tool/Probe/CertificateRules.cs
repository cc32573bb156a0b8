using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace OriginGuard.Tool.Probe;

/// <summary>
/// What the load balancer checks of the certificate of an endpoint that has a name: a chain to a public authority, the time, and the name
/// among the alternative names. It is not documented to ask for revocation, or to fetch certificates that the origin leaves out.
/// </summary>
internal static class CertificateRules
{
    public static IEnumerable<ProbeFinding> Judge(
        X509Certificate2 certificate, X509Certificate2Collection sent, string host, DateTimeOffset now, X509Certificate2Collection? trustedRoots)
    {
        yield return Chain(certificate, sent, now, trustedRoots);

        var (from, until) = (new DateTimeOffset(certificate.NotBefore), new DateTimeOffset(certificate.NotAfter));
        yield return new ProbeFinding(
            "certificate time", from <= now && now <= until, string.Create(CultureInfo.InvariantCulture, $"{from.UtcDateTime:u} to {until.UtcDateTime:u}"));

        var isNamed = certificate.MatchesHostname(host, allowWildcards: true, allowCommonName: false);
        yield return new ProbeFinding("certificate name", isNamed, isNamed ? $"holds {host}" : $"{host} is not among the alternative names");
    }

    private static ProbeFinding Chain(
        X509Certificate2 certificate, X509Certificate2Collection sent, DateTimeOffset now, X509Certificate2Collection? trustedRoots)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.LocalDateTime;
        chain.ChainPolicy.ExtraStore.AddRange(sent);
        if (trustedRoots is not null)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(trustedRoots);
        }

        chain.Build(certificate);

        // The time of the certificate itself is a finding of its own; that of whoever has issued it belongs to the chain.
        var isIssuerOutdated = chain.ChainElements.Skip(1).Any(static issuer => issuer.ChainElementStatus.Any(static status => status.Status is X509ChainStatusFlags.NotTimeValid));
        string[] problems = [.. chain.ChainStatus
            .Select(static status => status.Status)
            .Where(status => status is not X509ChainStatusFlags.NoError && (isIssuerOutdated || status is not X509ChainStatusFlags.NotTimeValid))
            .Distinct()
            .Select(static status => status is X509ChainStatusFlags.NotTimeValid ? "an issuer's certificate has expired, or is not valid yet" : status.ToString())];
        return problems.Length == 0
            ? new ProbeFinding("certificate chain", true, "ends at an authority that this machine trusts")
            : new ProbeFinding("certificate chain", false, string.Join(", ", problems));
    }
}
