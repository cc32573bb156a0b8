using OriginGuard.Dns;
using Xunit;

namespace OriginGuard.Tests.Dns;

public class DnsNameTests
{
    [Theory]
    [InlineData("_cloud-eoips.googleusercontent.com")]
    [InlineData("a")]
    [InlineData("A.b.C")]
    [InlineData("xn--bcher-kva.example")]
    public void Takes_a_name_that_can_be_asked_for(string text)
    {
        Assert.True(DnsName.TryParse(text, out var name));

        Assert.Equal(text, name.ToString());
        Assert.Equal(AnswerMessage.EncodedName(text), name.Wire.ToArray());
    }

    [Fact]
    public void Drops_the_final_dot()
    {
        Assert.True(DnsName.TryParse("a.test.", out var name));

        Assert.Equal("a.test", name.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("a.test..")]
    [InlineData("a b.test")]
    [InlineData("a\n.test")]
    [InlineData("a\0.test")]
    [InlineData("bücher.example")]
    [InlineData("%{d}.example")]
    [InlineData("a\\.test")]
    public void Refuses_what_no_record_can_be_called(string text) => Assert.False(DnsName.TryParse(text, out _));

    [Fact]
    public void Keeps_to_63_octets_a_label_and_255_a_name()
    {
        var label = new string('a', 63);

        Assert.True(DnsName.TryParse(label, out _));
        Assert.False(DnsName.TryParse(label + "a", out _));
        Assert.True(DnsName.TryParse($"{label}.{label}.{label}.{label[..61]}", out var longest));
        Assert.Equal(255, longest.Wire.Length);
        Assert.True(DnsName.TryParse($"{label}.{label}.{label}.{label[..61]}.", out _));
        Assert.False(DnsName.TryParse($"{label}.{label}.{label}.{label[..62]}", out _));
    }
}
