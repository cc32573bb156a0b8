using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OriginGuard.Iap;
using Xunit;

namespace OriginGuard.Tests.Iap;

public sealed class JwkSetReaderTests
{
    public static TheoryData<string> Unusable { get; } = new(
        "null", "1", "[]", "{}", "\"key\"",
        """{"kty":"RSA","kid":"bad","n":"AQAB","e":"AQAB","alg":"RS256","use":"sig"}""",
        """{"kty":"oct","kid":"bad","k":"AQAB"}""",
        Jwk.FixedEc("bad", ",\"use\":\"enc\""),
        Jwk.FixedEc("bad", ",\"alg\":\"ES384\""),
        Jwk.FixedEc("bad", ",\"alg\":\"ECDH-ES\""),
        Jwk.FixedEc("bad", ",\"use\":1"),
        Jwk.FixedEc("bad", ",\"key_ops\":[]"),
        Jwk.FixedEc("bad", ",\"key_ops\":[\"sign\"]"),
        Jwk.FixedEc("bad", ",\"use\":\"sig\",\"key_ops\":[\"deriveKey\",\"Verify\"]"),
        Jwk.FixedEc("bad", ",\"key_ops\":\"verify\""),
        Jwk.FixedEc("bad", ",\"key_ops\":null"),
        Jwk.FixedEc("bad", ",\"key_ops\":[1,null,{\"verify\":true}]"),
        Jwk.FixedEc("bad", ",\"key_ops\":[\"\\ud800\"]"),
        Jwk.FixedEc("bad", ",\"key_ops\":[\"verify\"],\"key_ops\":[\"verify\"]"),
        Jwk.FixedEc("bad", ",\"use\":null"),
        Jwk.FixedEc("bad", ",\"kid\":\"worse\""),
        Jwk.FixedEc("bad").Replace("P-256", "P-384", StringComparison.Ordinal),
        Jwk.FixedEc("bad").Replace("P-256", "secp256k1", StringComparison.Ordinal),
        Jwk.FixedEc("bad").Replace("\"EC\"", "\"ec\"", StringComparison.Ordinal),
        Jwk.FixedEc("bad").Replace("\"kid\":\"bad\",", "", StringComparison.Ordinal),
        Jwk.FixedEc("bad").Replace("\"kid\":\"bad\"", "\"kid\":\"\"", StringComparison.Ordinal),
        Jwk.FixedEc("bad").Replace("\"kid\":\"bad\"", "\"kid\":\"\\ud800\"", StringComparison.Ordinal),
        Jwk.FixedEc(new string('k', 257)),
        Jwk.Ec("bad", Between(1, 32), Between(33, 64)), // not on the curve
        Jwk.Ec("bad", new byte[32], new byte[32]),
        Jwk.Ec("bad", Enumerable.Repeat((byte)255, 32).ToArray(), Between(1, 32)),
        Jwk.Ec("bad", Between(1, 48), Between(49, 96)), // as long as those of P-384
        Jwk.FixedEc("bad").Replace("\"x\":\"", "\"x\":\"AA", StringComparison.Ordinal),
        Jwk.FixedEc("bad").Replace("\"x\":\"", "\"x\":\" ", StringComparison.Ordinal),
        Jwk.FixedEc("bad").Replace("\"y\":\"", "\"y\":\"AA", StringComparison.Ordinal),
        Jwk.FixedEc("bad").Replace("\"y\":\"", "\"y\":\" ", StringComparison.Ordinal),
        Jwk.FixedEc("bad").Replace("\"x\":", "\"X\":", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Unusable))]
    public void Skips_a_key_that_cannot_verify_es256_and_keeps_its_neighbours(string unusable)
    {
        var (keys, skipped) = Read(Jwk.Set(Jwk.NewEc("first"), unusable, Jwk.NewEc("last")));

        Assert.Equal(["first", "last"], keys.Select(key => key.Id));
        Assert.Equal(1, skipped);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"use\":\"sig\"")]
    [InlineData(",\"alg\":\"ES256\"")]
    [InlineData(",\"key_ops\":[\"sign\",\"verify\"]")]
    [InlineData(",\"key_ops\":[\"verify\"],\"x5t\":\"?\",\"unknown\":{\"a\":1,\"a\":2}")]
    public void Keeps_p256_keys_with_or_without_optional_and_unknown_members(string more)
    {
        var (keys, skipped) = Read(Jwk.Set(Jwk.NewEc("a", more)));

        Assert.Equal("a", Assert.Single(keys).Id);
        Assert.Equal(0, skipped);
    }

    [Fact]
    public void Keeps_the_first_of_two_keys_with_one_id()
    {
        var (x, y) = Jwk.Point();

        var (keys, skipped) = Read(Jwk.Set(Jwk.Ec("same", x, y), Jwk.NewEc("same")));

        Assert.True(Assert.Single(keys).Is("same", Base64Url.EncodeToString(x), Base64Url.EncodeToString(y)));
        Assert.Equal(1, skipped);
    }

    [Fact]
    public void Reuses_the_object_of_a_key_that_has_not_changed()
    {
        var (same, changed) = (Jwk.NewEc("same"), Jwk.NewEc("changed"));
        var known = new IapKeySet(Read(Jwk.Set(same, changed)).Keys, 0);

        var (keys, _) = JwkSetReader.Read(Encoding.UTF8.GetBytes(Jwk.Set(same, Jwk.NewEc("changed"), Jwk.NewEc("new"))), known);

        Assert.Same(known.Find("same"), keys[0]);
        Assert.NotSame(known.Find("changed"), keys[1]);
        Assert.Equal(3, keys.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"keys\":{}}")]
    [InlineData("{\"keys\":null}")]
    [InlineData("{\"Keys\":[]}")]
    [InlineData("{\"keys\":[]")]
    [InlineData("{\"keys\":[]} trailing")]
    [InlineData("<html></html>")]
    [InlineData("{\"keys\":[],\"keys\":[]}")]
    [InlineData("{\"keys\":[],\"\\u006beys\":[]}")]
    [InlineData("{\"keys\":[],\"other\":1,\"keys\":null}")]
    public void Refuses_what_is_no_key_set(string json) => Assert.ThrowsAny<JsonException>(() => Read(json));

    [Fact]
    public void Says_what_it_was_given_and_where_the_right_document_is()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var map = JsonSerializer.Serialize(new Dictionary<string, string> { ["f9R3yg"] = key.ExportSubjectPublicKeyInfoPem() });

        Assert.Equal(
            "It has keys in PEM; Google's JWK set is https://www.gstatic.com/iap/verify/public_key-jwk", Assert.ThrowsAny<JsonException>(() => Read(map)).Message);
        Assert.Equal("It is no object", Assert.ThrowsAny<JsonException>(() => Read("[]")).Message);
        Assert.Equal("There are two members \"keys\"", Assert.ThrowsAny<JsonException>(() => Read("{\"keys\":[],\"keys\":[]}")).Message);
        Assert.StartsWith("It has keys in PEM", Assert.ThrowsAny<JsonException>(() => Read("{\"a\":\"-----BEGIN \",\"b\":\"-----BEGIN \"}")).Message, StringComparison.Ordinal);
        Assert.Equal("There is no array \"keys\"", Assert.ThrowsAny<JsonException>(() => Read("{\"f9R3yg\":\"key\",\"\\ud800\":1}")).Message);
    }

    [Fact]
    public void Passes_over_a_text_beside_the_keys_that_is_not_unicode()
    {
        byte[] beside = [.. "{\"note\":\""u8, 0xFF, .. "\","u8];
        var set = Jwk.Set(Jwk.NewEc("a"));

        var (keys, skipped) = JwkSetReader.Read((byte[])[.. beside, .. Encoding.UTF8.GetBytes(set[1..])], known: null);

        Assert.Equal("a", Assert.Single(keys).Id);
        Assert.Equal(0, skipped);
        Assert.ThrowsAny<JsonException>(() => JwkSetReader.Read((byte[])[.. beside, .. "\"b\":1}"u8], known: null));
    }

    [Fact]
    public void Refuses_every_truncation_of_a_key_set_and_nested_bombs()
    {
        var set = Jwk.Set(Jwk.NewEc("a"));
        for (var length = 0; length < set.Length; length++)
        {
            Assert.ThrowsAny<JsonException>(() => Read(set[..length]));
        }

        Assert.ThrowsAny<JsonException>(() => Read($$"""{"keys":[{{new string('[', 30_000)}}{{new string(']', 30_000)}}]}"""));
    }

    private static byte[] Between(byte first, byte last) => [.. Enumerable.Range(first, last - first + 1).Select(static octet => (byte)octet)];

    private static (IReadOnlyList<IapKey> Keys, int Skipped) Read(string json) => JwkSetReader.Read(Encoding.UTF8.GetBytes(json), known: null);
}
