using System.Net;
using OriginGuard.Ranges;
using Xunit;

namespace OriginGuard.Tests.Ranges;

public class SpfRecordTests
{
    private const string Google = "v=spf1 ip4:34.96.0.0/20 ip4:34.127.192.0/18 ~all";

    [Theory]
    [InlineData(Google, "34.96.0.0/20 34.127.192.0/18")]
    [InlineData("V=SPF1 IP4:34.96.0.0/20 -ALL", "34.96.0.0/20")]
    [InlineData("v=spf1 ip4:34.96.0.1", "34.96.0.1/32")]
    [InlineData("v=spf1 ip6:2600:1900::1", "2600:1900::1/128")]
    [InlineData("v=spf1 +ip4:34.96.0.0/20 +Ip6:2600:1900::/28", "34.96.0.0/20 2600:1900::/28")]
    [InlineData("v=spf1   ip4:34.96.0.0/20    ip4:34.96.0.0/20   ", "34.96.0.0/20 34.96.0.0/20")]
    [InlineData("v=spf1 ip4:0.0.0.0/0 ip6:::/0", "0.0.0.0/0 ::/0")]
    [InlineData("v=spf1 ip4:34.96.0.0/32 ip6:2600::/128", "34.96.0.0/32 2600::/128")]
    [InlineData("v=spf1 ip6:2600:0:0:0:0:0:34.96.0.1/127", "2600::2260:0/127")]
    [InlineData("v=spf1 ip6:2600:1:2:3:4:5:6:7 ip6:2600:1:2:3:4:5:6::", "2600:1:2:3:4:5:6:7/128 2600:1:2:3:4:5:6:0/128")]
    public void Takes_what_the_record_admits(string text, string networks) => Assert.Equal(Expected(networks), Admitted(text));

    [Theory]
    [InlineData("v=spf1 ip4:34.96.15.255/20", "34.96.0.0/20")]
    [InlineData("v=spf1 ip4:255.255.255.255/1", "128.0.0.0/1")]
    [InlineData("v=spf1 ip4:34.96.1.1/0", "0.0.0.0/0")]
    [InlineData("v=spf1 ip6:2600:1900:ffff::1/33", "2600:1900:8000::/33")]
    public void Reads_host_bits_as_if_they_were_zero(string text, string networks) => Assert.Equal(Expected(networks), Admitted(text));

    [Theory]
    [InlineData("-ip4:34.96.0.0/20")]
    [InlineData("~ip4:34.96.0.0/20")]
    [InlineData("?ip6:2600:1900::/28")]
    [InlineData("all")]
    [InlineData("+all")]
    [InlineData("?ALL")]
    [InlineData("-all ip4:34.96.0.0/20 include:a.example redirect=a.example")]
    [InlineData("+all ip6:2600:1900::/28")]
    [InlineData("-include:a.example")]
    [InlineData("~include:a.example ?include:a.example")]
    [InlineData("a mx ptr a/24 a:mail.example/20 mx//64 mx:%{d}/24//64 ptr:a.example. exists:%{i}.%{d2r.-}.example exp=a.example")]
    [InlineData("ip4=34.96.0.0/20 include=a.example all=ip4:34.96.0.0/20 x=%%%_%-%{L} X-1.y_z=")]
    [InlineData("ip6:::ffff:34.96.0.1 ip6:::ffff:2260:1/112 ip6:::ffff:0:0/96")]
    public void Passes_over_what_does_not_admit(string terms)
    {
        var record = Read("v=spf1 " + terms);

        Assert.DoesNotContain(record.Terms, static term => term.Passes);
        Assert.Null(record.Redirect);
    }

    [Theory]
    [InlineData("ip5:34.96.0.0/20")]
    [InlineData("ip:34.96.0.0/20")]
    [InlineData("ip44:34.96.0.0/20")]
    [InlineData("xip4:34.96.0.0/20")]
    [InlineData("+ip4=34.96.0.0/20")]
    [InlineData("34.96.0.0/20")]
    [InlineData(":34.96.0.0/20")]
    [InlineData("=34.96.0.0/20")]
    [InlineData("+")]
    [InlineData("++")]
    [InlineData(":")]
    [InlineData("=")]
    [InlineData("//")]
    [InlineData("+-ip4:34.96.0.0/20")]
    [InlineData("!ip4:34.96.0.0/20")]
    [InlineData("\"ip4:34.96.0.0/20")]
    [InlineData("redirect:a.example")]
    [InlineData("+redirect=a.example")]
    [InlineData("-redirect=a.example")]
    [InlineData("\tip4:34.96.0.0/20")]
    [InlineData("\u00a0ip4:34.96.0.0/20")]
    [InlineData("\u200bip4:34.96.0.0/20")]
    [InlineData("\0ip4:34.96.0.0/20")]
    [InlineData("\u0131p4:34.96.0.0/20")]
    [InlineData("\u0130p4:34.96.0.0/20")]
    [InlineData("\uff49\uff50\uff14:34.96.0.0/20")]
    [InlineData("<html>ip4:34.96.0.0/20</html>")]
    [InlineData("all/8")]
    [InlineData("+all:a.example")]
    [InlineData("a:")]
    [InlineData("a:34.96.0.0")]
    [InlineData("a:nolabel")]
    [InlineData("a/33")]
    [InlineData("a/")]
    [InlineData("mx//129")]
    [InlineData("mx/24/64")]
    [InlineData("mx/24//")]
    [InlineData("ptr:")]
    [InlineData("ptr/24")]
    [InlineData("exists")]
    [InlineData("exists:a.example/24")]
    [InlineData("exp=")]
    [InlineData("exp=nolabel")]
    [InlineData("exp=a.example exp=a.example")]
    [InlineData("x=%")]
    [InlineData("x=%{}")]
    [InlineData("x=%{x}")]
    [InlineData("x=%{d!}")]
    [InlineData("x=%{d")]
    [InlineData("x=\u00e4")]
    [InlineData("1x=y")]
    public void Refuses_what_is_no_term_wherever_it_stands(string term)
    {
        Assert.All(
            new[] { $"v=spf1 {term}", $"{Google} {term}", $"v=spf1 {term} ip4:34.96.0.0/20" },
            static text => Assert.False(SpfRecord.TryParse(text, out _, out _), text));
    }

    [Theory]
    [InlineData("-ip4:192.0.2.66 ip4:192.0.2.0/24", "-192.0.2.66/32 +192.0.2.0/24")]
    [InlineData("ip4:192.0.2.0/24 ~ip4:192.0.2.66 ?ip6:2600::/16", "+192.0.2.0/24 -192.0.2.66/32 -2600::/16")]
    [InlineData("?include:a.example ip4:192.0.2.0/24 -all ip4:198.51.100.0/24", "-a.example +192.0.2.0/24")]
    public void Keeps_the_order_of_the_terms_since_the_first_match_decides(string terms, string expected) => Assert.Equal(
        expected, string.Join(' ', Read("v=spf1 " + terms).Terms.Select(static term => $"{(term.Passes ? '+' : '-')}{term.Include ?? term.Network.ToString()}")));

    [Theory]
    [InlineData("-a ip4:34.96.0.0/20", false)]
    [InlineData("ip4:34.96.0.0/20 ~mx/24 include:a.example", false)]
    [InlineData("?ptr redirect=a.example", false)]
    [InlineData("-exists:%{i}.a.example redirect=a.example -all", true)]
    [InlineData("ip4:34.96.0.0/20 -mx ~all", true)]
    [InlineData("ip4:34.96.0.0/20 -mx -ip4:34.97.0.0/20", true)]
    [InlineData("+a ip4:34.96.0.0/20", true)]
    [InlineData("-all -a ip4:34.96.0.0/20", true)]
    public void Cannot_decide_where_a_lookup_of_mail_takes_somebody_out(string terms, bool decides) =>
        Assert.Equal(decides, SpfRecord.TryParse("v=spf1 " + terms, out _, out _));

    [Fact]
    public void Counts_what_would_cost_a_lookup() => Assert.Equal(5, Read("v=spf1 a mx a:b.example ptr exists:%{i}.b.example ip4:34.96.0.0/20 -all a mx").OtherLookups);

    [Theory]
    [InlineData("ip4")]
    [InlineData("ip4:")]
    [InlineData("ip4/24")]
    [InlineData("ip4/24:34.96.0.0")]
    [InlineData("ip4:x")]
    [InlineData("ip4:1")]
    [InlineData("ip4:583008256")]
    [InlineData("ip4:0x22600000")]
    [InlineData("ip4:0x22.0x60.0.0")]
    [InlineData("ip4:34.96.0")]
    [InlineData("ip4:34.96.0.0.0")]
    [InlineData("ip4:34.96.0.")]
    [InlineData("ip4:.34.96.0")]
    [InlineData("ip4:34..96.0")]
    [InlineData("ip4:010.0.0.1")]
    [InlineData("ip4:34.96.00.0")]
    [InlineData("ip4:34.96.0.256")]
    [InlineData("ip4:34.96.0.4294967296")]
    [InlineData("ip4:34.96.0.-1")]
    [InlineData("ip4:34.96.0.+1")]
    [InlineData("ip4:34.96.0.0/")]
    [InlineData("ip4:34.96.0.0/33")]
    [InlineData("ip4:34.96.0.0/020")]
    [InlineData("ip4:34.96.0.0/00")]
    [InlineData("ip4:34.96.0.0/-1")]
    [InlineData("ip4:34.96.0.0/+20")]
    [InlineData("ip4:34.96.0.0/20/20")]
    [InlineData("ip4:34.96.0.0//20")]
    [InlineData("ip4:34.96.0.0/4294967316")]
    [InlineData("ip4:34.96.0.0/255.255.240.0")]
    [InlineData("ip4:/20")]
    [InlineData("ip4::34.96.0.0")]
    [InlineData("ip4:34.96.0.0:80")]
    [InlineData("ip4:34.96.0.0/20,34.97.0.0/20")]
    [InlineData("ip4:2600:1900::/28")]
    [InlineData("ip4:::ffff:34.96.0.1")]
    [InlineData("ip4:34.96.0.0/20\t")]
    [InlineData("ip4:34.96.0.0/20\0")]
    [InlineData("ip4:34.96.0.0/20\r\nip4:0.0.0.0/0")]
    [InlineData("ip4:\uff13\uff14.96.0.0")]
    [InlineData("ip4:\u0663\u0664.96.0.0")]
    [InlineData("ip4:34\u300296.0.0")]
    [InlineData("ip4:%{i}")]
    [InlineData("ip6")]
    [InlineData("ip6:")]
    [InlineData("ip6:x")]
    [InlineData("ip6:34.96.0.0/20")]
    [InlineData("ip6:2600")]
    [InlineData("ip6:2600:1900")]
    [InlineData("ip6::2600:1900::")]
    [InlineData("ip6:2600::1900::")]
    [InlineData("ip6:2600:1:2:3:4:5:6:7:8")]
    [InlineData("ip6:2600:1:2:3:4:5:6:7::")]
    [InlineData("ip6:2600:1:2:3:4:5:6:")]
    [InlineData("ip6:2600:12345::")]
    [InlineData("ip6:2600:1900::/129")]
    [InlineData("ip6:2600:1900::/-1")]
    [InlineData("ip6:2600:1900::/028")]
    [InlineData("ip6:2600:1900::/")]
    [InlineData("ip6:2600:1900::%1/28")]
    [InlineData("ip6:fe80::1%eth0")]
    [InlineData("ip6:[2600:1900::]/28")]
    [InlineData("ip6:[2600:1900::]:53")]
    [InlineData("ip6:2600::34.96.0.01")]
    [InlineData("ip6:2600::34.96.0.1:1")]
    [InlineData("ip6:2600::0x22.96.0.1")]
    [InlineData("ip6:2600::34.96.1")]
    [InlineData("include")]
    [InlineData("include:")]
    [InlineData("include:.")]
    [InlineData("include:a..example")]
    [InlineData("include:a.example/24")]
    [InlineData("include:nolabel")]
    [InlineData("include:1.2.3.4")]
    [InlineData("include:a.-example")]
    [InlineData("include:%{d}.example")]
    [InlineData("include:a.example\t")]
    [InlineData("include:\u00e4.example")]
    public void Refuses_a_record_with_one_malformed_term(string term)
    {
        foreach (var qualifier in new[] { "", "+", "-", "~", "?" })
        {
            var written = qualifier + term;
            foreach (var text in new[] { $"v=spf1 {written}", $"{Google} {written}", $"v=spf1 {written} ip4:34.96.0.0/20" })
            {
                Assert.False(SpfRecord.TryParse(text, out var record, out var mistake), text);
                Assert.Null(record);
                Assert.Contains(new string([.. written.TakeWhile(c => c is >= ' ' and <= '~')]), mistake, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("redirect=")]
    [InlineData("redirect=a..example")]
    [InlineData("redirect=a..example all")]
    [InlineData("redirect=%{d}")]
    [InlineData("redirect=nolabel")]
    [InlineData("redirect=1.2.3.4")]
    [InlineData("redirect=-all/")]
    [InlineData("redirect=a.example redirect=b.example")]
    [InlineData("redirect=a.example Redirect=a.example -all")]
    public void Refuses_a_redirect_that_is_malformed_or_comes_twice(string terms) =>
        Assert.False(SpfRecord.TryParse($"v=spf1 {terms}", out _, out _));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("v=spf")]
    [InlineData("v=spf10")]
    [InlineData("v=spf2 ip4:34.96.0.0/20")]
    [InlineData("v=spf1ip4:34.96.0.0/20")]
    [InlineData(" v=spf1 ip4:34.96.0.0/20")]
    [InlineData("\"v=spf1 ip4:34.96.0.0/20\"")]
    [InlineData("\ufeffv=spf1 ip4:34.96.0.0/20")]
    [InlineData("v=spf1\tip4:34.96.0.0/20")]
    [InlineData("v=spf1\0ip4:34.96.0.0/20")]
    [InlineData("v=\u017fpf1 ip4:34.96.0.0/20")]
    [InlineData("v =spf1 ip4:34.96.0.0/20")]
    [InlineData("ip4:34.96.0.0/20")]
    [InlineData("spf2.0/pra ip4:34.96.0.0/20")]
    [InlineData("<!doctype html><p>v=spf1 ip4:34.96.0.0/20")]
    [InlineData("{\"prefixes\":[{\"ipv4Prefix\":\"34.96.0.0/20\"}]}")]
    public void Does_not_take_another_text_for_a_record(string text)
    {
        Assert.False(SpfRecord.IsSpf(text));
        Assert.False(SpfRecord.TryParse(text, out _, out var mistake));
        Assert.Contains("v=spf1", mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v=spf1")]
    [InlineData("v=spf1 ")]
    [InlineData("v=spf1      ")]
    public void Reads_a_record_without_terms_as_one_that_admits_nobody(string text) => Assert.Empty(Admitted(text));

    [Fact]
    public void Collects_includes_and_the_redirect_without_final_dot()
    {
        var record = Read("v=spf1 include:_a.example. +INCLUDE:B.example -include:c.example Redirect=_d.example.");

        Assert.Equal([("_a.example", true), ("B.example", true), ("c.example", false)], record.Terms.Select(static term => (term.Include, term.Passes)));
        Assert.Equal("_d.example", record.Redirect);
    }

    [Theory]
    [InlineData("v=spf1 redirect=a.example ip4:34.96.0.0/20 ?all")]
    [InlineData("v=spf1 ip4:34.96.0.0/20 all redirect=a.example")]
    public void Ignores_a_redirect_beside_all(string text)
    {
        var record = Read(text);

        Assert.Null(record.Redirect);
        Assert.Equal(Expected("34.96.0.0/20"), record.Terms.Select(static term => term.Network));
    }

    [Fact]
    public void Reads_ten_thousand_terms_in_one_record()
    {
        var record = Read("v=spf1 " + string.Concat(Enumerable.Repeat("mx ", 10_000)) + "ip4:34.96.0.0/20");

        Assert.Equal(Expected("34.96.0.0/20"), record.Terms.Select(static term => term.Network));
    }

    [Fact]
    public void Refuses_a_record_that_no_dns_message_could_carry()
    {
        var longest = "v=spf1 ip4:34.96.0.0/20".PadRight(SpfRecord.MaxLength);

        Assert.Single(Admitted(longest));
        Assert.False(SpfRecord.TryParse(longest + " ", out _, out var mistake));
        Assert.Contains("65535", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_malformed_term_in_one_short_printable_line()
    {
        var term = "ip4:\u001b[2J\r\n\u202e\0" + new string('9', 10_000);

        Assert.False(SpfRecord.TryParse("v=spf1 " + term, out _, out var mistake));
        Assert.Contains("\"ip4:?[2J????999", mistake, StringComparison.Ordinal);
        Assert.All(mistake, character => Assert.InRange(character, ' ', '~'));
        Assert.InRange(mistake.Length, 1, 250);
    }

    private static IEnumerable<IPNetwork> Admitted(string text) => Read(text).Terms.Where(static term => term.Passes).Select(static term => term.Network);

    private static SpfRecord Read(string text)
    {
        Assert.True(SpfRecord.TryParse(text, out var record, out var mistake), mistake);
        return record;
    }

    private static IEnumerable<IPNetwork> Expected(string networks) => networks.Split(' ').Select(IPNetwork.Parse);
}
