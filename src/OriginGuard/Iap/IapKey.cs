using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace OriginGuard.Iap;

/// <summary>
/// One public key of Identity-Aware Proxy. The provider keeps a pool of native key objects, because one of them is not documented to verify
/// two signatures at the same time.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Requests may still hold a key that was replaced; finalizers do the rest.")]
internal sealed class IapKey(string id, string x, string y)
{
    /// <summary>RFC 7518, section 3.4: r and s, 32 bytes each. DER, which other libraries write, is refused.</summary>
    private const int SignatureLength = 64;

    private readonly AsymmetricSignatureProvider _provider = new(
        new JsonWebKey { Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve, Crv = JsonWebKeyECTypes.P256, Kid = id, X = x, Y = y },
        SecurityAlgorithms.EcdsaSha256,
        willCreateSignatures: false);

    public string Id => id;

    public bool Is(string otherId, string otherX, string otherY) => id == otherId && x == otherX && y == otherY;

    public bool Verifies(IapAssertion assertion)
    {
        if (assertion.Signature.Length != SignatureLength)
        {
            return false;
        }

        var signed = ArrayPool<byte>.Shared.Rent(assertion.SigningInput.Length);
        try
        {
            var length = Encoding.ASCII.GetBytes(assertion.SigningInput.Span, signed);
            return _provider.Verify(signed, 0, length, assertion.Signature, 0, SignatureLength);
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(signed);
        }
    }
}
