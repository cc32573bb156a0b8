using System.Text;
using OriginGuard.Dns;
using Xunit;

namespace OriginGuard.Tests.Dns;

public class DnsLabelsTests
{
    [Fact]
    public void Follows_pointers_backwards_and_goes_on_behind_the_first()
    {
        var message = new AnswerMessage().Name("a.test").Octets(1, (byte)'b').Pointer(14);

        Assert.Equal("b.test", Read(message.ToArray(), 20, out var end));
        Assert.Equal(24, end);
    }

    [Fact]
    public void A_pointer_reaches_beyond_the_first_256_octets()
    {
        var message = new AnswerMessage().Octets(new byte[1000]).Name("far.test").Pointer(1012);

        Assert.Equal("far.test", Read(message.ToArray(), 1022, out var end));
        Assert.Equal(1024, end);
    }

    [Fact]
    public void Does_not_follow_a_pointer_forwards_or_to_itself_or_into_the_header()
    {
        Assert.Null(Read(new AnswerMessage().Pointer(14).Name("a.test").ToArray(), 12, out _));
        Assert.Null(Read(new AnswerMessage().Pointer(12).ToArray(), 12, out _));
        Assert.Null(Read(new AnswerMessage().Name("a.test").Pointer(0).ToArray(), 20, out _));
        Assert.Null(Read(new AnswerMessage().Name("a.test").Pointer(11).ToArray(), 20, out _));
    }

    [Fact]
    public void Does_not_follow_a_pointer_into_the_labels_that_led_to_it() =>
        Assert.Null(Read(new AnswerMessage().Octets(1, (byte)'a').Pointer(12).ToArray(), 12, out _));

    [Fact]
    public void Gives_up_on_a_long_chain_of_pointers()
    {
        Assert.Equal("", Read(Chain(DnsLabels.MaxPointers), 13 + (2 * (DnsLabels.MaxPointers - 1)), out _));
        Assert.Null(Read(Chain(DnsLabels.MaxPointers + 1), 13 + (2 * DnsLabels.MaxPointers), out _));

        static byte[] Chain(int pointers)
        {
            var message = new AnswerMessage().U8(0).Pointer(12);
            for (var i = 1; i < pointers; i++)
            {
                message.Pointer(message.Position - 2);
            }

            return message.ToArray();
        }
    }

    [Theory]
    [InlineData(0x40)]
    [InlineData(0x41)]
    [InlineData(0x80)]
    [InlineData(0xBF)]
    public void Does_not_know_other_types_of_labels(int octet) =>
        Assert.Null(Read(new AnswerMessage().U8(octet).Octets(new byte[300]).ToArray(), 12, out _));

    [Fact]
    public void Takes_names_of_255_octets_and_not_of_256()
    {
        var label = new string('a', 63);

        Assert.NotNull(Read(new AnswerMessage().Name($"{label}.{label}.{label}.{label[..61]}").ToArray(), 12, out _));
        Assert.Null(Read(new AnswerMessage().Name($"{label}.{label}.{label}.{label[..62]}").ToArray(), 12, out _));
    }

    [Fact]
    public void Counts_the_labels_behind_a_pointer_towards_the_length_of_the_name()
    {
        var label = new string('a', 63);
        var message = new AnswerMessage().Name($"{label}.{label}.{label}.{label[..61]}").Octets(1, (byte)'b').Pointer(12);

        Assert.Null(Read(message.ToArray(), 12 + 255, out _));
    }

    [Fact]
    public void Ends_with_the_message_at_every_prefix_of_a_name()
    {
        var message = new AnswerMessage().Name("a.test").Octets(1, (byte)'b').Pointer(12).ToArray();

        for (var length = 0; length < message.Length; length++)
        {
            Assert.Null(Read(message[..length], 20, out _));
        }
    }

    [Fact]
    public void Tells_names_apart_label_by_label()
    {
        Assert.True(Same("AZ.test", "az.TEST"));
        Assert.False(Same("a.test", "a.tes"));
        Assert.False(Same("a.test", "at.est"));
        Assert.False(Same("a.test", "a.test.b"));
        Assert.False(Same("@.test", "`.test"));
        Assert.False(Same("[.test", "{.test"));
        Assert.True(Same("\u00C4.test", "\u00C4.test"));
        Assert.False(Same("\u00C4.test", "\u00E4.test"));

        // A malformed name is equal to none, and not to itself.
        var (whole, cut) = (new AnswerMessage().Name("a.test").ToArray(), new AnswerMessage().Octets(1, (byte)'a', 9, (byte)'t').ToArray());
        Assert.False(DnsLabels.SameName(new DnsLabels(whole, 12), new DnsLabels(cut, 12)));
        Assert.False(DnsLabels.SameName(new DnsLabels(cut, 12), new DnsLabels(whole, 12)));
        Assert.False(DnsLabels.SameName(new DnsLabels(cut, 12), new DnsLabels(cut, 12)));

        static bool Same(string left, string right) => DnsLabels.SameName(
            new DnsLabels(new AnswerMessage().Name(left).ToArray(), 12), new DnsLabels(new AnswerMessage().Name(right).ToArray(), 12));
    }

    private static string? Read(byte[] message, int offset, out int end)
    {
        var labels = new DnsLabels(message, offset);
        List<string> read = [];
        while (labels.TryReadLabel(out var label))
        {
            if (label.IsEmpty)
            {
                end = labels.End;
                return string.Join('.', read);
            }

            read.Add(Encoding.Latin1.GetString(label));
        }

        end = labels.End;
        return null;
    }
}
