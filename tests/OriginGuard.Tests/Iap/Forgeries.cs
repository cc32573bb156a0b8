using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OriginGuard.Testing;

namespace OriginGuard.Tests.Iap;

/// <summary>Tokens as attackers make them, from valid claims and the public key.</summary>
internal static class Forgeries
{
    /// <summary>Algorithm confusion: no signature, the public key as a shared secret, and genuine signatures of other algorithms.</summary>
    public static IEnumerable<string> OfAlgorithm(IapWorld world)
    {
        var unsigned = $"{Encode(world.Header("none"))}.{Encode(world.Claims())}.";
        yield return unsigned;
        yield return unsigned + Encode("x");

        var hs256 = $"{Encode(world.Header("HS256"))}.{Encode(world.Claims())}";
        foreach (var secret in PublicKeyBytes(world.Issuer))
        {
            yield return $"{hs256}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(hs256)))}";
        }

        using var rsa = RSA.Create(2048);
        var rs256 = $"{Encode(world.Header("RS256"))}.{Encode(world.Claims())}";
        yield return $"{rs256}.{Base64Url.EncodeToString(rsa.SignData(Encoding.ASCII.GetBytes(rs256), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";

        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var es384 = $"{Encode(world.Header("ES384"))}.{Encode(world.Claims())}";
        yield return $"{es384}.{Base64Url.EncodeToString(p384.SignData(Encoding.ASCII.GetBytes(es384), HashAlgorithmName.SHA384))}";
    }

    /// <summary>Well-formed, with an invented key id: it gets as far as the key set.</summary>
    public static string WithKeyId(string id) => $"{Encode($$"""{"alg":"ES256","kid":"{{id}}"}""")}.{Encode("{}")}.{new string('A', 86)}";

    public static (string Signed, byte[] Signature) Split(string token)
    {
        var dot = token.LastIndexOf('.');
        return (token[..dot], Base64Url.DecodeFromChars(token.AsSpan(dot + 1)));
    }

    public static string Join(string signed, byte[] signature) => $"{signed}.{Base64Url.EncodeToString(signature)}";

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static IEnumerable<byte[]> PublicKeyBytes(IapAssertionIssuer issuer)
    {
        var jwk = JsonNode.Parse(issuer.KeySet)!["keys"]![0]!;
        var (x, y) = (Base64Url.DecodeFromChars(jwk["x"]!.GetValue<string>()), Base64Url.DecodeFromChars(jwk["y"]!.GetValue<string>()));
        using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } });
        yield return key.ExportSubjectPublicKeyInfo();
        yield return Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem());
        yield return Encoding.UTF8.GetBytes(jwk.ToJsonString());
        yield return [4, .. x, .. y];
        yield return x;
    }
}
