using OriginGuard.Benchmarks.EndToEnd;
using OriginGuard.Benchmarks.Report;
using Xunit;

namespace OriginGuard.Tests.Benchmarks;

public sealed class ReportOptionsTests
{
    [Fact]
    public void A_report_measures_all_of_it_in_full_unless_told_otherwise()
    {
        Assert.Equal(new ReportOptions(false, null, null), ReportOptions.Parse([]));
        Assert.Equal(new ReportOptions(true, "end-to-end", null), ReportOptions.Parse(["--only", "end-to-end", "--quick"]));
        Assert.Equal(new ReportOptions(false, null, "results.json"), ReportOptions.Parse(["--from", "results.json"]));
    }

    [Theory]
    [InlineData("--only")]
    [InlineData("--only", "nothing")]
    [InlineData("--from")]
    [InlineData("--quik")]
    public void What_it_does_not_know_it_does_not_do(params string[] arguments) => Assert.Null(ReportOptions.Parse(arguments));

    [Fact]
    public void The_load_knows_how_long_an_answer_is_once_it_has_its_head()
    {
        var answer = "HTTP/1.1 403 Forbidden\r\nDate: Thu\r\ncontent-length: 12\r\n\r\n"u8;

        Assert.Null(AnswerHead.Length(answer[..^1]));
        Assert.Equal(answer.Length + 12, AnswerHead.Length(answer));
        Assert.Throws<InvalidOperationException>(static () => AnswerHead.Length("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8));
    }

    [Fact]
    public void The_load_does_not_count_another_answer_than_it_expects()
    {
        AnswerHead.Expect("HTTP/1.1 200 OK"u8, 200);

        Assert.Throws<InvalidOperationException>(static () => AnswerHead.Expect("HTTP/1.1 503 Service Unavailable"u8, 200));
        Assert.Throws<InvalidOperationException>(static () => AnswerHead.Expect("HTTP/1.1"u8, 200));
    }
}
