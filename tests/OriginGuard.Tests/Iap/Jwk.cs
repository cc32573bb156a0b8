using System.Buffers.Text;
using System.Security.Cryptography;

namespace OriginGuard.Tests.Iap;

/// <summary>Keys and key sets as JSON text.</summary>
internal static class Jwk
{
    /// <summary>A point of P-256 that is the same in every run, as the names of tests must be: the curve's generator.</summary>
    private static readonly (byte[] X, byte[] Y) Generator = (
        Convert.FromHexString("6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"),
        Convert.FromHexString("4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"));

    public static string Set(params string[] keys) => $$"""{"keys":[{{string.Join(',', keys)}}]}""";

    public static string Ec(string id, byte[] x, byte[] y, string more = ",\"use\":\"sig\",\"alg\":\"ES256\"") =>
        $$"""{"kty":"EC","crv":"P-256","kid":"{{id}}","x":"{{Base64Url.EncodeToString(x)}}","y":"{{Base64Url.EncodeToString(y)}}"{{more}}}""";

    /// <summary>A key that is always the same.</summary>
    public static string FixedEc(string id, string more = ",\"use\":\"sig\",\"alg\":\"ES256\"") => Ec(id, Generator.X, Generator.Y, more);

    public static (byte[] X, byte[] Y) Point()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var q = key.ExportParameters(false).Q;
        return (q.X!, q.Y!);
    }

    public static string NewEc(string id, string more = ",\"use\":\"sig\",\"alg\":\"ES256\"")
    {
        var (x, y) = Point();
        return Ec(id, x, y, more);
    }
}
