using OriginGuard.SharedSecret;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.SharedSecret;

public class SecretTextTests
{
    [Theory]
    [InlineData("correct-horse-battery\nstaple-0001", "U+000A line feed as character 22, so that it has more than one line")]
    [InlineData("correct-horse-battery-staple-0001\n", "U+000A line feed as character 34, at its end, as echo adds one")]
    [InlineData("correct-horse-battery-staple-0001\r", "U+000D carriage return as character 34, as in Windows line ends")]
    [InlineData("correct-horse-battery\r\nstaple-0001", "U+000D carriage return as character 22")]
    [InlineData("\uFEFFcorrect-horse-battery-staple-0001", "U+FEFF byte order mark")]
    [InlineData("\u00EF\u00BB\u00BFcorrect-horse-battery-staple-0001", "U+FEFF byte order mark, as an editor puts at the beginning; save it as UTF-8 without one")]
    [InlineData("\u00FF\u00FEc\0o\0r\0r\0e\0c\0t\0-\0h\0o\0r\0s\0e\0", "U+FEFF byte order mark in UTF-16")]
    [InlineData("\u00FE\u00FF\0c\0o\0r\0r\0e\0c\0t", "U+FEFF byte order mark in UTF-16; save it as UTF-8 without one")]
    [InlineData("\u00FFcorrect-horse-battery-staple", "a character as character 1 that is not ASCII")]
    [InlineData("correct-\u00FF\u00FE-battery-staple", "a character as character 9 that is not ASCII")]
    [InlineData("c\u00FForrect-horse-battery-staple", "a character as character 2 that is not ASCII")]
    [InlineData("correct-horse\u007Fbattery-staple", "U+007F control character as character 14")]
    [InlineData("\u00EFcorrect-horse-battery-staple", "a character as character 1 that is not ASCII")]
    [InlineData("c\0o\0r\0r\0e\0c\0t\0-\0h\0o\0r\0s\0e\0", "U+0000 as character 2, as in a file in UTF-16")]
    [InlineData("correct-horse-battery-staple-0001 ", "U+0020 blank as character 34")]
    [InlineData("correct-horse\tbattery-staple-0001", "U+0009 tab as character 14")]
    [InlineData("correct-horse\u001bbattery-staple-0001", "U+001B control character as character 14")]
    [InlineData("correct-horse,battery-staple-0001", "U+002C (,) as character 14")]
    [InlineData("correct-horse-battery-stäple-0001", "a character as character 25 that is not ASCII")]
    [InlineData("short\n", "U+000A line feed")]
    public void The_character_that_does_not_belong_is_named_with_its_place_and_where_it_comes_from(string text, string name)
    {
        var problem = SecretText.Problem(text);

        Assert.StartsWith($"holds {name}", problem, StringComparison.Ordinal);
        Assert.EndsWith("; visible ASCII without comma, braces, quotes and blanks is needed", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("horse", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_all_characters_those_are_good_that_headers_and_the_load_balancer_leave_alone()
    {
        var good = Enumerable.Range(0, char.MaxValue + 1).Select(static code => (char)code).Where(static one => SecretText.Problem($"correct-horse-{one}-battery") is null);

        Assert.Equal("!#$%&()*+-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_abcdefghijklmnopqrstuvwxyz|~", string.Concat(good));
    }

    [Theory]
    [InlineData("fifteen-letters", "is 15 bytes; 16 or more are needed")]
    [InlineData("", "is 0 bytes; 16 or more are needed")]
    public void One_that_is_too_short_says_how_short(string text, string expected) => Assert.Equal(expected, SecretText.Problem(text));

    [Fact]
    public void One_that_no_header_carries_says_how_long_it_may_be()
    {
        var longest = string.Concat(Enumerable.Repeat("abcdefgh", SecretText.MaxLength / 8));

        Assert.Null(SecretText.Problem(longest));
        Assert.Equal("is 1025 bytes; 1024 or fewer are needed", SecretText.Problem($"{longest}i"));
    }

    [Fact]
    public void A_good_one_has_no_problem() => Assert.Null(SecretText.Problem(GuardedApp.Secret));
}
