using OriginGuard.Dns;
using Xunit;

namespace OriginGuard.Tests.Dns;

public class DnsQueryTests
{
    private static readonly DnsName Name = DnsName.TryParse("a.test", out var name) ? name : throw new InvalidOperationException();

    [Fact]
    public void Asks_recursively_for_TXT_and_takes_1232_octets_over_UDP()
    {
        var query = DnsQuery.CreateForHttps(Name, edns: true);

        Assert.Equal(
            new AnswerMessage(flags: 0x0100, answers: 0, additionals: 1).Question().Opt().ToArray(),
            query.Message);
    }

    [Fact]
    public void Leaves_the_OPT_record_out_without_EDNS()
    {
        var query = DnsQuery.CreateForHttps(Name, edns: false);

        Assert.Equal(new AnswerMessage(flags: 0x0100, answers: 0).Question().ToArray(), query.Message);
    }

    [Fact]
    public void Draws_an_id_for_each_question()
    {
        var ids = Enumerable.Range(0, 64).Select(_ => Id(DnsQuery.Create(Name, edns: true))).Distinct().Count();

        // Among 64 of 65,536 some two are equal once in 33 runs, and nine once in more runs than there will ever be.
        Assert.InRange(ids, 56, 64);
    }

    [Fact]
    public void Believes_the_answer_to_its_question_whatever_the_case_of_the_name() =>
        Assert.True(IsAnsweredBy(id => new AnswerMessage(id, answers: 0).Question("A.TesT")));

    [Fact]
    public void Does_not_believe_an_answer_that_differs_in_anything()
    {
        Assert.False(IsAnsweredBy(id => new AnswerMessage((ushort)(id + 1)).Question()));
        Assert.False(IsAnsweredBy(id => new AnswerMessage(id, flags: 0x0180).Question()));
        Assert.False(IsAnsweredBy(id => new AnswerMessage(id, flags: 0x8980).Question()));
        Assert.False(IsAnsweredBy(id => new AnswerMessage(id).Question("b.test")));
        Assert.False(IsAnsweredBy(id => new AnswerMessage(id).Question("a.test.test")));
        Assert.False(IsAnsweredBy(id => new AnswerMessage(id).Question("test")));
        Assert.False(IsAnsweredBy(id => new AnswerMessage(id).Question("")));
        Assert.False(IsAnsweredBy(id => new AnswerMessage(id).Question(type: 1)));
        Assert.False(IsAnsweredBy(id => new AnswerMessage(id).Question(@class: 3)));
        Assert.False(IsAnsweredBy(id => new AnswerMessage(id, questions: 0)));
        Assert.False(IsAnsweredBy(id => new AnswerMessage(id, questions: 2).Question().Question()));
        Assert.False(IsAnsweredBy(id => new AnswerMessage(id).Name("a.test").U16(16).U8(0)));
    }

    [Fact]
    public void Believes_a_format_error_without_the_question_that_the_server_could_not_read()
    {
        Assert.True(IsAnsweredBy(id => new AnswerMessage(id, flags: 0x8181, questions: 0)));
        Assert.True(IsAnsweredBy(id => new AnswerMessage(id, flags: 0x8184, questions: 0)));
        Assert.False(IsAnsweredBy(id => new AnswerMessage(id, flags: 0x8183, questions: 0)));
    }

    [Fact]
    public void Does_not_believe_itself()
    {
        var query = DnsQuery.Create(Name, edns: true);

        Assert.False(query.IsAnsweredBy(query.Message));
    }

    private static bool IsAnsweredBy(Func<ushort, AnswerMessage> answer)
    {
        var query = DnsQuery.Create(Name, edns: true);
        return query.IsAnsweredBy(answer(Id(query)).ToArray());
    }

    private static ushort Id(DnsQuery query) => (ushort)((query.Message[0] << 8) | query.Message[1]);
}
