using OriginGuard.SharedSecret;
using Xunit;

namespace OriginGuard.Tests.SharedSecret;

public sealed class SecretPathTests
{
    [Theory]
    [InlineData("/run/secrets/origin-guard/current")]
    [InlineData("secrets/Abcdefgh1jk")] // eleven characters are as long as words
    [InlineData("secrets/abcdefgh1jkl")]
    [InlineData("secrets/ABCDEFGH1JKL")]
    [InlineData("secrets/AbcdefghIjkl")]
    [InlineData("origin guard.txt")]
    [InlineData("short.txt")]
    public void A_path_is_shown_in_full(string path) => Assert.Equal(Path.GetFullPath(path), SecretPath.Show(path));

    [Theory]
    [InlineData("secrets/Abcdefgh1jkl")]
    [InlineData("l6m2Qd0nXk4v/T8rYw1uZb5c")]
    [InlineData("l6m2Qd0nXk4vT8rYw1uZb5cJ7gHfSa3p")]
    [InlineData("correct-horse-battery-staple")]
    [InlineData("secrets\\Abcdefgh1jkl")]
    [InlineData("")]
    [InlineData("a\0b")]
    public void What_may_be_a_secret_is_not(string path) => Assert.Null(SecretPath.Show(path));
}
