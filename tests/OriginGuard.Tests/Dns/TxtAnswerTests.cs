using Xunit;

namespace OriginGuard.Tests.Dns;

/// <summary>What a resolver of an application's own gives back.</summary>
public sealed class TxtAnswerTests
{
    [Fact]
    public void Prints_what_was_found_or_why_nothing_was()
    {
        Assert.Equal("2 TXT record(s), TTL 00:05:00", TxtAnswer.Found(["a", "b"], TimeSpan.FromMinutes(5)).ToString());
        Assert.Equal("Refused: not for you", TxtAnswer.Failed(TxtError.Refused, "not for you").ToString());
        Assert.Equal("Timeout: Timeout", TxtAnswer.Failed(TxtError.Timeout).ToString());
    }

    [Fact]
    public void No_records_are_no_answer()
    {
        var answer = TxtAnswer.Found([], TimeSpan.FromMinutes(5));

        Assert.Equal((false, TxtError.NoData, "the answer holds no TXT record"), (answer.Succeeded, answer.Error, answer.Detail));
    }

    [Fact]
    public void What_cannot_be_an_answer_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => TxtAnswer.Found([null!], TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => TxtAnswer.Found(["a"], TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => TxtAnswer.Failed(TxtError.None));
    }
}
