using OriginGuard.ForeignText;
using Xunit;

namespace OriginGuard.Tests.ForeignText;

public class DomainNameTests
{
    private static readonly string Label = new('a', 63);

    public static TheoryData<string> Longest =>
        [$"{Label}.{Label}.{Label}.{new string('a', 61)}", $"{Label}.{Label}.{Label}.{new string('a', 61)}."];

    public static TheoryData<string> TooLong => [$"{Label}.{Label}.{Label}.{new string('a', 62)}", Label + "a", new string('a', 100_000)];

    [Theory]
    [InlineData("_cloud-eoips.googleusercontent.com")]
    [InlineData("A.example.")]
    [InlineData("localhost")]
    [MemberData(nameof(Longest))]
    public void Takes_a_name(string name) => Assert.True(DomainName.IsValid(name));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".example")]
    [InlineData("a..example")]
    [InlineData("a.example..")]
    [InlineData("a b.example")]
    [InlineData("a.example\0")]
    [InlineData("\u00e4.example")]
    [InlineData("%{d}.example")]
    [MemberData(nameof(TooLong))]
    public void Refuses_what_is_no_name(string name) => Assert.False(DomainName.IsValid(name));
}
