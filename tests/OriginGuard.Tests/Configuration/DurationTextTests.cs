using OriginGuard.Configuration;
using Xunit;

namespace OriginGuard.Tests.Configuration;

/// <summary>Durations that say something else than whoever wrote them may have meant.</summary>
public sealed class DurationTextTests
{
    [Theory]
    [InlineData("0:30", "00:30:00", "00:00:30")]
    [InlineData(" 90:05 ", "3.18:05:00", "01:30:05")]
    [InlineData("0:60", null, null)]
    [InlineData("0:x", null, null)]
    [InlineData("x:30", null, null)]
    [InlineData("-1:30", null, null)]
    [InlineData("100000:00", null, null)]
    [InlineData("00:00:30", null, null)]
    [InlineData("30", null, null)]
    public void Two_parts_can_be_read_in_two_ways(string text, string? hoursAndMinutes, string? minutesAndSeconds)
    {
        var both = DurationText.OfTwoParts(text);

        Assert.Equal((hoursAndMinutes, minutesAndSeconds), (both?.HoursAndMinutes.ToString(), both?.MinutesAndSeconds.ToString()));
    }

    [Theory]
    [InlineData("00:05:00", true)]
    [InlineData("7.00:00:00", true)]
    [InlineData("0:30", true)] // told of as what it may mean
    [InlineData("7", false)] // days, or seconds
    [InlineData("24:00:00:00", false)] // 24 days, or hours with something behind the seconds
    [InlineData("1:2:3:4:5", false)]
    public void A_duration_has_two_or_three_parts(string text, bool isOne) => Assert.Equal(isOne, DurationText.TryParse(text, out _));

    [Theory]
    [InlineData("24:00:00", "1.00:00:00")]
    [InlineData("-36:30:05", "1.12:30:05")]
    [InlineData("23:59:59", null)]
    [InlineData("100000:00:00", null)]
    [InlineData("x:00:00", null)]
    [InlineData("24:00:99", null)]
    [InlineData("24:00", null)]
    [InlineData("24", null)]
    public void Hours_beyond_a_day_are_read_as_days(string text, string? inHours) => Assert.Equal(inHours, DurationText.InHours(text)?.ToString());
}
