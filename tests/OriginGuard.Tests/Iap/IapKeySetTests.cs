using OriginGuard.Iap;
using Xunit;

namespace OriginGuard.Tests.Iap;

public sealed class IapKeySetTests
{
    private const string X = "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY";
    private const string Y = "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU";

    private static readonly IapKey Key = new("a", X, Y);
    private static readonly Dictionary<string, IapKey> Keys = new() { ["a"] = Key, ["b"] = new("b", X, Y), ["B"] = new("b", X, Y), ["c"] = new("c", X, Y) };

    [Fact]
    public void A_key_is_the_same_where_its_id_and_both_its_coordinates_are() => Assert.Equal(
        (true, false, false, false), (Key.Is("a", X, Y), Key.Is("b", X, Y), Key.Is("a", Y, Y), Key.Is("a", X, X)));

    /// <summary>A letter is a key, and its lower case the id.</summary>
    [Theory]
    [InlineData("a b", "a b", true)]
    [InlineData("a b", "b a", true)]
    [InlineData("a b", "a", false)]
    [InlineData("a", "a b", false)]
    [InlineData("a b", "a c", false)]
    [InlineData("a b", "a B", false)]
    [InlineData("", "", true)]
    public void Sets_are_the_same_where_their_keys_are(string keys, string others, bool isSame) =>
        Assert.Equal(isSame, Set(keys).HasSameKeysAs(Set(others)));

    [Fact]
    public void No_set_has_the_keys_of_one_that_is_not_there() => Assert.False(Set("").HasSameKeysAs(null));

    private static IapKeySet Set(string keys) => new(keys.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static name => Keys[name]), 0);
}
