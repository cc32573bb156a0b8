using OriginGuard.Dns;
using Xunit;

namespace OriginGuard.Tests.Dns;

public class TxtResponseReaderTests
{
    [Fact]
    public void Joins_character_strings_without_a_separator_and_keeps_records_apart()
    {
        var answer = new AnswerMessage(answers: 2).Question()
            .Pointer(12).Txt(60, "v=spf1 ip4:192.0.2", ".0/24", "", " ~all")
            .Pointer(12).Txt(30, "other")
            .Read();

        Assert.Equal(["v=spf1 ip4:192.0.2.0/24 ~all", "other"], answer.Texts);
        Assert.Equal(TimeSpan.FromSeconds(30), answer.TimeToLive);
    }

    [Fact]
    public void Turns_each_octet_into_one_character()
    {
        var every = new string([.. Enumerable.Range(0, 255).Select(octet => (char)(octet + 1))]);

        Assert.Equal([every], new AnswerMessage().Question().Pointer(12).Txt(60, every).Read().Texts);
    }

    [Fact]
    public void Ignores_records_of_other_names_types_and_classes()
    {
        var answer = new AnswerMessage(answers: 5, authorities: 1, additionals: 2).Question()
            .Name("b.test").Txt(1, "another name")
            .Pointer(12).Record(1, 1, [192, 0, 2, 1])
            .Pointer(12).Record(16, 1, AnswerMessage.Strings("another class"), @class: 3)
            .Pointer(12).Txt(60, "mine")
            .Name("test").Txt(1, "a parent")
            .Pointer(12).Txt(1, "an authority")
            .Pointer(12).Txt(1, "an additional")
            .Opt()
            .Read();

        Assert.Equal(["mine"], answer.Texts);
        Assert.Equal(TimeSpan.FromSeconds(60), answer.TimeToLive);
    }

    [Fact]
    public void Follows_aliases_in_any_order_and_keeps_the_least_TTL_of_the_chain()
    {
        var answer = new AnswerMessage(answers: 4).Question()
            .Name("c.test").Txt(60, "found")
            .Name("B.test").Record(5, 20, AnswerMessage.EncodedName("C.test"))
            .Pointer(12).Record(5, 40, AnswerMessage.EncodedName("b.test"))
            .Name("d.test").Record(5, 1, AnswerMessage.EncodedName("c.test"))
            .Read();

        Assert.Equal(["found"], answer.Texts);
        Assert.Equal(TimeSpan.FromSeconds(20), answer.TimeToLive);
    }

    [Fact]
    public void Follows_no_alias_that_is_not_in_the_answer_section()
    {
        var answer = new AnswerMessage(answers: 1, authorities: 1).Question()
            .Name("b.test").Txt(60, "not mine")
            .Pointer(12).Record(5, 60, AnswerMessage.EncodedName("b.test"))
            .Read();

        Assert.Equal(TxtError.NoData, answer.Error);
    }

    [Fact]
    public void Does_not_take_the_records_of_a_name_beside_the_chain_of_aliases()
    {
        var answer = new AnswerMessage(answers: 2).Question()
            .Pointer(12).Record(5, 60, AnswerMessage.EncodedName("b.test"))
            .Name("c.test").Txt(60, "not mine")
            .Read();

        Assert.Equal(TxtError.NoData, answer.Error);
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void Follows_sixteen_aliases_and_no_more(int aliases, bool found)
    {
        var message = new AnswerMessage(answers: aliases + 1).Question("n0.test");
        for (var i = 0; i < aliases; i++)
        {
            message.Name($"n{i}.test").Record(5, 60, AnswerMessage.EncodedName($"n{i + 1}.test"));
        }

        var answer = message.Name($"n{aliases}.test").Txt(60, "end").Read();

        Assert.Equal(found ? TxtError.None : TxtError.Malformed, answer.Error);
        Assert.Equal(found ? null : "server answered with more than 16 aliases, or a loop of them", answer.Detail);
    }

    [Fact]
    public void Refuses_an_alias_of_itself() => Assert.Equal(
        TxtError.Malformed,
        new AnswerMessage(answers: 2).Question().Pointer(12).Record(5, 60, [0xC0, 12]).Pointer(12).Txt(60, "x").Read().Error);

    [Fact]
    public void Refuses_an_alias_whose_name_is_not_what_its_length_says()
    {
        Assert.Equal(TxtError.Malformed, Alias([.. AnswerMessage.EncodedName("b.test"), 0]).Error);
        Assert.Equal(TxtError.Malformed, Alias(AnswerMessage.EncodedName("b.test")[..^1]).Error);
        Assert.Equal(TxtError.Malformed, Alias([]).Error);

        static TxtAnswer Alias(byte[] target) =>
            new AnswerMessage(answers: 2).Question().Pointer(12).Record(5, 60, target).Name("b.test").Txt(60, "x").Read();
    }

    [Theory]
    [InlineData(0u, 0)]
    [InlineData(1u, 1)]
    [InlineData(0x7FFFFFFFu, 0x7FFFFFFF)]
    [InlineData(0x80000000u, 0)]
    [InlineData(0xFFFFFFFFu, 0)]
    public void Takes_a_TTL_with_the_top_bit_set_for_zero(uint onTheWire, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new AnswerMessage().Question().Pointer(12).Txt(onTheWire, "x").Read().TimeToLive);

    [Theory]
    [InlineData(0x8183, TxtError.NameError, "NXDOMAIN (3)")]
    [InlineData(0x8182, TxtError.ServerFailure, "SERVFAIL (2)")]
    [InlineData(0x8185, TxtError.Refused, "REFUSED (5)")]
    [InlineData(0x8181, TxtError.ServerFailure, "FORMERR (1)")]
    [InlineData(0x8184, TxtError.ServerFailure, "NOTIMP (4)")]
    [InlineData(0x8189, TxtError.ServerFailure, "code 9")]
    public void Says_what_the_server_answered(int flags, TxtError error, string detail)
    {
        var answer = new AnswerMessage(flags: (ushort)flags, answers: 0).Question().Read();

        Assert.Equal(error, answer.Error);
        Assert.Contains(detail, answer.Detail, StringComparison.Ordinal);
        Assert.Contains("server", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_no_records_out_of_an_answer_that_carries_an_error() => Assert.Equal(
        TxtError.ServerFailure,
        new AnswerMessage(flags: 0x8182).Question().Pointer(12).Txt(60, "x").Read().Error);

    [Fact]
    public void Reads_the_upper_bits_of_the_code_from_the_OPT_record()
    {
        var answer = new AnswerMessage(answers: 0, additionals: 1).Question().Opt(1u << 24).Read();

        Assert.Equal(TxtError.ServerFailure, answer.Error);
        Assert.Contains("code 16", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_no_code_out_of_other_records_or_sections()
    {
        var answer = new AnswerMessage(answers: 2, authorities: 1, additionals: 1).Question()
            .Pointer(12).Txt(60, "mine")
            .Opt(1u << 24)
            .Opt(1u << 24)
            .Pointer(12).Txt(1u << 24, "an additional")
            .Read();

        Assert.Equal(["mine"], answer.Texts);
    }

    [Theory]
    [InlineData(0x8400, TxtError.NoData, "server answered without a TXT record")]
    [InlineData(0x8080, TxtError.NoData, "server answered without a TXT record")]
    [InlineData(0x8000, TxtError.ServerFailure, "server does not resolve for others, it only refers to them")]
    public void Takes_the_absence_of_records_for_an_answer_only_from_who_can_know(int flags, TxtError error, string detail)
    {
        var answer = new AnswerMessage(flags: (ushort)flags, answers: 0).Question().Read();

        Assert.Equal((error, detail), (answer.Error, answer.Detail));
    }

    [Fact]
    public void Refuses_an_answer_that_is_truncated_where_nothing_truncates()
    {
        var answer = new AnswerMessage(flags: 0x8380).Question().Pointer(12).Txt(60, "x").Read();

        Assert.Equal((TxtError.Malformed, "server truncated its answer where it need not"), (answer.Error, answer.Detail));
    }

    [Fact]
    public void Refuses_data_that_its_character_strings_do_not_fill_exactly()
    {
        Assert.Equal(TxtError.Malformed, Data([]).Error);
        Assert.Equal(TxtError.Malformed, Data([1]).Error);
        Assert.Equal(TxtError.Malformed, Data([2, (byte)'a']).Error);
        Assert.Equal(TxtError.Malformed, Data([1, (byte)'a', 255]).Error);
        Assert.Equal([""], Data([0]).Texts);

        static TxtAnswer Data(byte[] data) => new AnswerMessage().Question().Pointer(12).Record(16, 60, data).Read();
    }

    [Fact]
    public void Refuses_the_whole_answer_for_one_malformed_record() => Assert.Equal(
        TxtError.Malformed,
        new AnswerMessage(answers: 2).Question().Pointer(12).Txt(60, "fine").Pointer(12).Record(16, 60, [9]).Read().Error);

    [Fact]
    public void Believes_counts_and_lengths_only_as_far_as_the_message_reaches()
    {
        Assert.Equal(TxtError.Malformed, new AnswerMessage(answers: 65535).Question().Pointer(12).Txt(60, "x").Read().Error);
        Assert.Equal(TxtError.Malformed, new AnswerMessage(authorities: 1).Question().Pointer(12).Txt(60, "x").Read().Error);
        Assert.Equal(TxtError.Malformed, new AnswerMessage(additionals: 1).Question().Pointer(12).Txt(60, "x").Read().Error);
        Assert.Equal(TxtError.Malformed, new AnswerMessage(questions: 3).Question().Pointer(12).Txt(60, "x").Read().Error);
        Assert.Equal(TxtError.Malformed, new AnswerMessage().Question().Pointer(12).Record(16, 60, [1, 120], length: 3).Read().Error);
        Assert.Equal(TxtError.Malformed, new AnswerMessage().Question().Pointer(12).Record(16, 60, [1, 120], length: 65535).Read().Error);
    }

    [Fact]
    public void A_message_that_breaks_off_anywhere_is_not_believed()
    {
        byte[][] whole =
        [
            new AnswerMessage(answers: 0).Question().ToArray(),
            new AnswerMessage(answers: 0, authorities: 1).Question().Name("b.test").Txt(60, "x").ToArray(),
            new AnswerMessage().Question().Pointer(12).Txt(60, "x").ToArray(),
        ];

        foreach (var message in whole)
        {
            for (var length = 0; length < message.Length; length++)
            {
                var answer = TxtResponseReader.Read(message.AsSpan(0, length), "server");
                Assert.Equal((TxtError.Malformed, "server answered with a message that is not well formed"), (answer.Error, answer.Detail));
            }
        }
    }

    [Fact]
    public void A_record_whose_name_is_malformed_is_none_even_if_the_rest_of_it_would_do() => Assert.Equal(
        TxtError.Malformed, new AnswerMessage().Question().Octets(0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0).Read().Error);

    [Fact]
    public void Ignores_octets_behind_the_last_section() =>
        Assert.Equal(["x"], new AnswerMessage().Question().Pointer(12).Txt(60, "x").Octets(1, 2, 3).Read().Texts);
}
