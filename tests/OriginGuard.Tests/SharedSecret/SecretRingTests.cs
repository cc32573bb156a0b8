using OriginGuard.SharedSecret;
using Xunit;

namespace OriginGuard.Tests.SharedSecret;

public sealed class SecretRingTests
{
    private const string Current = "the-current-secret-0123456789";
    private const string Previous = "the-previous-secret-987654321";

    private readonly SecretRing _ring = new([Current, Previous]);

    [Fact]
    public void Accepts_the_current_and_the_previous_secret_during_a_rotation_and_tells_them_apart()
    {
        Assert.Equal(0, _ring.Find(Current));
        Assert.Equal(1, _ring.Find(Previous));
    }

    [Theory]
    [InlineData("")]
    [InlineData("the-current-secret-012345678")]
    [InlineData("the-current-secret-01234567890")]
    [InlineData("THE-CURRENT-SECRET-0123456789")]
    [InlineData("the-current-secret-0123456789\0")]
    [InlineData("the-current-secret-012345678\u0669")]
    public void Accepts_nothing_else(string value) => Assert.Null(_ring.Find(value));

    [Fact]
    public void Accepts_no_secret_with_one_bit_changed()
    {
        for (var position = 0; position < Current.Length; position++)
        {
            for (var bit = 0; bit < 16; bit++)
            {
                var changed = Current.ToCharArray();
                changed[position] = (char)(changed[position] ^ (1 << bit));
                Assert.Null(_ring.Find(changed));
            }
        }
    }

    [Fact]
    public void Takes_the_longest_secret_and_nothing_longer()
    {
        var longest = new string('x', SecretText.MaxLength);

        Assert.Equal(0, new SecretRing([longest]).Find(longest));
        Assert.Null(new SecretRing([longest]).Find(longest + "x"));
    }

    [Fact]
    public void Takes_secrets_of_any_lengths_side_by_side_and_none_of_their_beginnings()
    {
        string[] secrets = [.. Enumerable.Range(16, 160).Select(length => new string('x', length))];
        var ring = new SecretRing(secrets);

        Assert.Equal(Enumerable.Range(0, secrets.Length), secrets.Select(secret => ring.Find(secret) ?? -1));
        Assert.Null(ring.Find(new string('x', 15)));
        Assert.Null(ring.Find(new string('x', 176)));
        Assert.Null(ring.Find(new string('x', SecretText.MaxLength)));
    }

    /// <summary>Only as much of a secret is looked at as the guess is long.</summary>
    [Fact]
    public void Accepts_nothing_that_a_secret_begins_with_and_nothing_that_begins_with_it()
    {
        var secret = new string([.. Enumerable.Range(0, 126).Select(static at => (char)('0' + (at % 10)))]);
        var ring = new SecretRing([secret]);

        Assert.All(Enumerable.Range(0, secret.Length), length => Assert.Null(ring.Find(secret.AsSpan(0, length))));
        Assert.All(Enumerable.Range(1, 64), more => Assert.Null(ring.Find(secret + new string('\0', more))));
        Assert.Equal(0, ring.Find(secret));
    }

    [Fact]
    public void An_empty_ring_accepts_nothing()
    {
        Assert.Null(SecretRing.Empty.Find(""));
        Assert.Null(SecretRing.Empty.Find(Current));
    }

    [Fact]
    public void Each_secret_has_a_count_of_its_own()
    {
        _ring.CountMatch(1);

        Assert.Equal((0, 1), (_ring.MatchesOf(0), _ring.MatchesOf(1)));
    }

    [Fact]
    public void Prints_a_mask() => Assert.Equal("*** (2)", _ring.ToString());
}
