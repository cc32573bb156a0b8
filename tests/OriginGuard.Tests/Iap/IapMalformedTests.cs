using System.Buffers.Text;
using System.Text;
using Xunit;

namespace OriginGuard.Tests.Iap;

/// <summary>All of it is decided without keys: the world of these tests has none.</summary>
public sealed class IapMalformedTests
{
    public static TheoryData<string> BadClaims { get; } = new(
        "", " ", "null", "[]", "\"text\"", "1", "{", "{}x", "{} {}", "{\"a\":1,}", "{'a':1}", "{\"a\":1 /* no */}", "\uFEFF{}",
        "{\"a\":NaN}", "{\"a\":01}", "{\"a\":\"\n\"}",
        "{\"sub\":\"a\",\"sub\":\"a\"}", "{\"sub\":\"a\",\"s\\u0075b\":\"b\"}", "{\"aud\":\"a\",\"aud\":\"b\"}", "{\"x\":{\"y\":1,\"y\":1}}", "{\"x\":[{\"y\":1,\"y\":2}]}",
        "{\"iss\":1}", "{\"iss\":[\"https://cloud.google.com/iap\"]}", "{\"sub\":118}", "{\"sub\":{}}", "{\"email\":[]}", "{\"hd\":true}",
        "{\"exp\":\"1767225600\"}", "{\"exp\":1.5}", "{\"exp\":1e9}", "{\"exp\":-1}", "{\"exp\":253402300800}", "{\"exp\":99999999999999999999}", "{\"exp\":[1]}",
        "{\"iat\":\"1767225600\"}", "{\"iat\":1767225600.0}", "{\"iat\":true}", "{\"iat\":-9223372036854775808}", "{\"nbf\":\"now\"}",
        "{\"google\":[]}", "{\"google\":{\"access_levels\":\"all\"}}", "{\"google\":{\"access_levels\":[1]}}", "{\"google\":{\"access_levels\":[null]}}",
        "{\"gcip\":\"{}\"}", "{\"gcip\":[]}", "{\"gcip\":{\"a\":\"\\ud800\"}}", "{\"sub\":\"\\udc00\"}", "{\"\\ud800\":1}");

    public static TheoryData<string> BadHeaders { get; } = new(
        "", "null", "[]", "{", "\"ES256\"",
        "{\"alg\":\"ES256\",\"alg\":\"ES256\",\"kid\":\"k\"}", "{\"alg\":\"none\",\"\\u0061lg\":\"ES256\",\"kid\":\"k\"}", "{\"alg\":\"ES256\",\"kid\":\"k\",\"kid\":\"k\"}",
        "{\"alg\":\"ES256\",\"kid\":\"k\",\"crit\":[\"exp\"]}", "{\"alg\":\"ES256\",\"kid\":\"k\",\"crit\":[]}", "{\"alg\":\"ES256\",\"kid\":\"k\",\"crit\":null}",
        "{\"alg\":\"ES256\",\"kid\":\"k\",\"b64\":false,\"crit\":[\"b64\"]}",
        "{\"alg\":256,\"kid\":\"k\"}", "{\"alg\":[\"ES256\"],\"kid\":\"k\"}", "{\"alg\":\"ES256\",\"kid\":1}", "{\"alg\":\"ES256\",\"kid\":[\"k\"]}", "{\"alg\":\"ES256\",\"kid\":\"k\",\"typ\":1}",
        "{\"alg\":\"ES256\",\"kid\":\"\\ud800\"}", "{\"alg\":\"ES256\",\"kid\":\"k\",\"jwk\":{\"a\":1,\"a\":2}}");

    [Theory]
    [MemberData(nameof(BadClaims))]
    public async Task Refuses_claims_that_are_no_strict_object_of_the_right_types(string claims)
    {
        await using var world = new IapWorld();
        world.Verifier.Apply(world.Options);

        Assert.Equal(RefusalReason.IapMalformed, await world.ReasonAsync(world.Issuer.Sign(claims)));
    }

    [Theory]
    [MemberData(nameof(BadHeaders))]
    public async Task Refuses_headers_that_are_no_strict_object_of_the_right_types(string header)
    {
        await using var world = new IapWorld();
        world.Verifier.Apply(world.Options);

        Assert.Equal(RefusalReason.IapMalformed, await world.ReasonAsync(world.Issuer.Sign(world.Claims(), header)));
    }

    [Fact]
    public async Task Decides_it_before_any_key_is_there()
    {
        await using var world = new IapWorld();
        world.Keys.AlwaysAnswer("", System.Net.HttpStatusCode.ServiceUnavailable);
        await world.ApplyAsync();

        Assert.Equal(RefusalReason.IapKeysUnavailable, await world.ReasonAsync(world.Issuer.Issue(IapWorld.Audience)));
        Assert.Equal(RefusalReason.IapMalformed, await world.ReasonAsync("x"));
        Assert.Equal(RefusalReason.IapAlgorithm, await world.ReasonAsync(world.Issuer.Sign(world.Claims(), world.Header("none"))));
        Assert.Equal(RefusalReason.IapUnknownKey, await world.ReasonAsync(world.Issuer.Sign(world.Claims(), """{"alg":"ES256"}""")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("...")]
    [InlineData("a.b")]
    [InlineData("Bearer x.y.z")]
    public async Task Refuses_what_has_not_three_parts(string token)
    {
        await using var world = await IapWorld.WithKeysAsync();

        Assert.Equal(RefusalReason.IapMalformed, await world.ReasonAsync(token));
    }

    [Fact]
    public async Task Refuses_every_other_spelling_of_a_good_token()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var token = world.Issuer.Issue(IapWorld.Audience);
        var parts = token.Split('.');
        string[] spellings =
        [
            token + "=", token + "==", token + ".", "." + token, token + " ", " " + token, token + "\n", token + "\0", token + ".x", parts[0] + "=." + parts[1] + "." + parts[2],
            token.Replace(".", "..", StringComparison.Ordinal), token.Replace(".", ". ", StringComparison.Ordinal), token + "\u212A", token.Insert(5, "\r\n"), token.Insert(5, "%"),
            $"{parts[0]}.{parts[1]}.{Convert.ToBase64String(Base64Url.DecodeFromChars(parts[2]))}", // standard alphabet and padding
        ];

        foreach (var spelling in spellings)
        {
            Assert.Equal(RefusalReason.IapMalformed, await world.ReasonAsync(spelling));
        }
    }

    [Fact]
    public async Task Refuses_stray_bits_behind_the_last_byte()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var token = world.Issuer.Issue(IapWorld.Audience); // 64 bytes: two of the last four bits of the last digit are unused
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var last = Alphabet.IndexOf(token[^1], StringComparison.Ordinal);

        for (var stray = 1; stray < 16; stray++)
        {
            Assert.Equal(RefusalReason.IapMalformed, await world.ReasonAsync(token[..^1] + Alphabet[last | stray]));
        }
    }

    [Fact]
    public async Task Bounds_the_size_before_it_parses()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var largest = Padded(world, 8 * 1024);

        Assert.Equal(8 * 1024, largest.Length);
        Assert.Equal(RefusalReason.None, await world.ReasonAsync(largest));
        Assert.Equal(RefusalReason.IapMalformed, await world.ReasonAsync(largest + "A"));
        Assert.Equal(RefusalReason.IapMalformed, await world.ReasonAsync(Padded(world, 16 * 1024)));
        Assert.Equal(RefusalReason.IapMalformed, await world.ReasonAsync(new string('.', 1_000_000)));
    }

    [Fact]
    public async Task Refuses_nested_bombs()
    {
        await using var world = await IapWorld.WithKeysAsync();

        foreach (var depth in (int[])[16, 100, 2500])
        {
            Assert.Equal(RefusalReason.IapMalformed, await world.ReasonAsync(world.Issuer.Sign(new string('[', depth) + new string(']', depth))));
            var nested = Repeat("{\"a\":", depth / 4) + "1" + new string('}', depth / 4);
            var expected = depth == 16 ? RefusalReason.None : RefusalReason.IapMalformed;
            Assert.Equal(expected, await world.ReasonAsync(world.Issuer.Sign(world.Claims(more: "\"gcip\":" + nested))));
        }
    }

    [Fact]
    public async Task Refuses_bytes_that_are_no_utf8()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var header = Forgeries.Encode(world.Header());
        byte[] claims = [.. "{\"x\":\""u8, 0xC0, 0x80, .. "\"}"u8];

        Assert.Equal(RefusalReason.IapMalformed, await world.ReasonAsync($"{header}.{Base64Url.EncodeToString(claims)}.{new string('A', 86)}"));
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();

    /// <summary>A signed token of exactly this length.</summary>
    private static string Padded(IapWorld world, int length) => (
        from inClaims in Enumerable.Range((length * 3 / 4) - 600, 600)
        from inHeader in Enumerable.Range(0, 4)
        let claims = world.Claims(more: $"\"pad\":\"{new string('x', inClaims)}\"")
        let header = world.Header(more: $",\"pad\":\"{new string('x', inHeader)}\"")
        where Encoded(header) + 1 + Encoded(claims) + 1 + 86 == length
        select world.Issuer.Sign(claims, header)).First();

    private static int Encoded(string text) => ((text.Length * 4) + 2) / 3;
}
