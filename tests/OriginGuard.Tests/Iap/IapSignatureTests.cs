using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Xunit;

namespace OriginGuard.Tests.Iap;

public sealed class IapSignatureTests
{
    private static readonly BigInteger Order = BigInteger.Parse(
        "0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [Fact]
    public async Task Refuses_every_signature_outside_the_range_of_the_curve()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var (signed, good) = Forgeries.Split(world.Issuer.Issue(IapWorld.Audience));
        BigInteger[] scalars = [BigInteger.Zero, BigInteger.One, Order - 1, Order, Order + 1, (BigInteger.One << 256) - 1];

        foreach (var r in scalars)
        {
            Assert.Equal(RefusalReason.IapSignature, await world.ReasonAsync(Forgeries.Join(signed, [.. Bytes(r), .. good[32..]])));
            Assert.Equal(RefusalReason.IapSignature, await world.ReasonAsync(Forgeries.Join(signed, [.. good[..32], .. Bytes(r)])));
            foreach (var s in scalars)
            {
                Assert.Equal(RefusalReason.IapSignature, await world.ReasonAsync(Forgeries.Join(signed, [.. Bytes(r), .. Bytes(s)])));
            }
        }
    }

    [Fact]
    public async Task Does_not_reduce_a_scalar_that_is_one_order_too_large()
    {
        await using var world = await IapWorld.WithKeysAsync();

        // r + n fits into 32 bytes for about one signature in 2^32 only; a 33rd byte is refused by its length.
        var (signed, good) = Forgeries.Split(world.Issuer.Issue(IapWorld.Audience));
        var larger = new BigInteger(good.AsSpan(0, 32), isUnsigned: true, isBigEndian: true) + Order;

        Assert.Equal(RefusalReason.IapSignature, await world.ReasonAsync(
            Forgeries.Join(signed, [.. larger.ToByteArray(isUnsigned: true, isBigEndian: true), .. good[32..]])));
    }

    [Fact]
    public async Task Refuses_the_der_form_of_a_good_signature()
    {
        await using var world = new IapWorld();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var q = key.ExportParameters(false).Q;
        world.Keys.AlwaysAnswer(Jwk.Set(Jwk.Ec("der", q.X!, q.Y!)));
        await world.ApplyAsync();
        var signed = $"{Forgeries.Encode("""{"alg":"ES256","kid":"der"}""")}.{Forgeries.Encode(world.Claims())}";
        var bytes = Encoding.ASCII.GetBytes(signed);

        Assert.Equal(RefusalReason.None, await world.ReasonAsync(Forgeries.Join(signed, key.SignData(bytes, HashAlgorithmName.SHA256))));
        Assert.Equal(RefusalReason.IapSignature, await world.ReasonAsync(
            Forgeries.Join(signed, key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence))));
        Assert.Equal(RefusalReason.IapSignature, await world.ReasonAsync(Forgeries.Join(signed, key.SignData(bytes, HashAlgorithmName.SHA384))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(96)]
    [InlineData(128)]
    public async Task Refuses_a_signature_of_another_length(int length)
    {
        await using var world = await IapWorld.WithKeysAsync();
        var (signed, good) = Forgeries.Split(world.Issuer.Issue(IapWorld.Audience));
        byte[] other = [.. good, .. good];

        Assert.Equal(RefusalReason.IapSignature, await world.ReasonAsync(Forgeries.Join(signed, other[..length])));
    }

    [Fact]
    public async Task Refuses_a_signature_with_any_bit_turned()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var (signed, good) = Forgeries.Split(world.Issuer.Issue(IapWorld.Audience));

        for (var bit = 0; bit < 8 * good.Length; bit++)
        {
            var turned = good.ToArray();
            turned[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(RefusalReason.IapSignature, await world.ReasonAsync(Forgeries.Join(signed, turned)));
        }
    }

    private static byte[] Bytes(BigInteger value)
    {
        var bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }
}
