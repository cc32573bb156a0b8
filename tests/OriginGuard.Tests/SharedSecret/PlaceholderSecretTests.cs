using System.Buffers.Text;
using System.Security.Cryptography;
using OriginGuard.SharedSecret;
using Xunit;

namespace OriginGuard.Tests.SharedSecret;

public sealed class PlaceholderSecretTests
{
    [Theory]
    [InlineData("$(ORIGIN_GUARD_SECRET)", "placeholder")]
    [InlineData("${ORIGIN_GUARD_SECRET}", "placeholder")]
    [InlineData("{{ .Values.secret }}", "placeholder")]
    [InlineData("%ORIGIN_GUARD_SECRET%", "placeholder")]
    [InlineData("<the-secret-goes-here>", "placeholder")]
    [InlineData("<current>", "placeholder")]
    [InlineData("ChangeMe-please-1234567890", "placeholder")]
    [InlineData("change-me-please-1234567890", "placeholder")]
    [InlineData("REPLACEME-1234567890", "placeholder")]
    [InlineData("replace-me-replace-me", "placeholder")]
    [InlineData("your-secret-goes-here", "placeholder")]
    [InlineData("yourSecretGoesHere", "placeholder")]
    [InlineData("placeholder-1234567890", "placeholder")]
    [InlineData("projects/my-project/secrets/origin-guard/versions/latest", "Secret Manager")]
    [InlineData("0000000000000000000000000000", "one character, repeated")]
    [InlineData("abababababababababababab", "2 different characters, repeated")]
    public void What_stands_in_the_place_of_a_secret_is_none(string text, string problem)
    {
        Assert.Contains(problem, SecretText.Problem(text), StringComparison.Ordinal);
        Assert.DoesNotContain(text, SecretText.Problem(text), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$(correct-horse-battery-staple")]
    [InlineData("$correct-horse-battery-staple)")]
    [InlineData("<correct-horse-battery-staple")]
    [InlineData("%correct-horse-battery-staple")]
    [InlineData("correct-horse-battery-staple%")]
    [InlineData("correct-horse-changeme-staple")]
    [InlineData("projects/correct-horse-battery")]
    [InlineData("correct-projects/secrets/horse")]
    public void What_only_begins_like_a_placeholder_is_a_secret(string text) => Assert.Null(SecretText.Problem(text));

    [Fact]
    public void Random_bytes_are_always_a_secret()
    {
        for (var i = 0; i < 2000; i++)
        {
            var bytes = RandomNumberGenerator.GetBytes(16);
            Assert.Null(SecretText.Problem(Base64Url.EncodeToString(bytes)));
            Assert.Null(SecretText.Problem(Convert.ToHexStringLower(bytes)));
            Assert.Null(SecretText.Problem($"{Convert.ToBase64String(bytes)}"));
        }
    }
}
