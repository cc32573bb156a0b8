using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OriginGuard.Tests.Tool;

/// <summary>A certificate for <c>localhost</c> that an intermediate authority has issued and that says where that authority's own can be fetched, as public ones do.</summary>
internal sealed class IssuedCertificates : IDisposable
{
    private readonly ECDsa[] _keys = [.. Enumerable.Range(0, 3).Select(static _ => ECDsa.Create(ECCurve.NamedCurves.nistP256))];

    /// <param name="issuer">Where the intermediate authority's certificate can be fetched.</param>
    /// <param name="issuerGoodFor">How long from now that one is good; null: as long as the others, a day.</param>
    public IssuedCertificates(Uri issuer, TimeSpan? issuerGoodFor = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        var (from, until) = (now.AddDays(-1), now.AddDays(1));
        Root = Authority($"root {Guid.NewGuid():N}", _keys[0]).CreateSelfSigned(from, until);
        using var intermediate = Authority($"intermediate {Guid.NewGuid():N}", _keys[1]).Create(Root, from, now + (issuerGoodFor ?? until - now), [1]);
        Intermediate = intermediate.CopyWithPrivateKey(_keys[1]);
        var request = new CertificateRequest("CN=localhost", _keys[2], HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [issuer.AbsoluteUri]));
        using var leaf = request.Create(Intermediate.SubjectName, X509SignatureGenerator.CreateForECDsa(_keys[1]), from, until, [2]);
        Leaf = leaf.CopyWithPrivateKey(_keys[2]);
    }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Intermediate { get; }

    public X509Certificate2 Leaf { get; }

    public void Dispose()
    {
        foreach (var owned in (IDisposable[])[Root, Intermediate, Leaf, .. _keys])
        {
            owned.Dispose();
        }
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request;
    }
}
