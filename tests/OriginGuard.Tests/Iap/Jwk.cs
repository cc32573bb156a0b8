using System.Buffers.Text;
using System.Security.Cryptography;

namespace OriginGuard.Tests.Iap;

/// <summary>Keys and key sets as JSON text.</summary>
internal static class Jwk
{
    public static string Set(params string[] keys) => $$"""{"keys":[{{string.Join(',', keys)}}]}""";

    public static string Ec(string id, byte[] x, byte[] y, string more = ",\"use\":\"sig\",\"alg\":\"ES256\"") =>
        $$"""{"kty":"EC","crv":"P-256","kid":"{{id}}","x":"{{Base64Url.EncodeToString(x)}}","y":"{{Base64Url.EncodeToString(y)}}"{{more}}}""";

    public static (byte[] X, byte[] Y) Point(ECCurve? curve = null)
    {
        using var key = ECDsa.Create(curve ?? ECCurve.NamedCurves.nistP256);
        var q = key.ExportParameters(false).Q;
        return (q.X!, q.Y!);
    }

    public static string NewEc(string id, string more = ",\"use\":\"sig\",\"alg\":\"ES256\"")
    {
        var (x, y) = Point();
        return Ec(id, x, y, more);
    }
}
