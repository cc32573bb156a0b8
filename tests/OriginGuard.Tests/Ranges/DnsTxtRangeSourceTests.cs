using System.Net;
using OriginGuard.Ranges;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Ranges;

public class DnsTxtRangeSourceTests
{
    private const string Name = "_ranges.example";

    private readonly ScriptedTxtResolver _resolver = new();

    [Fact]
    public async Task Takes_the_networks_and_the_ttl_of_the_record()
    {
        _resolver.Answer(Name, TxtAnswer.Found(["v=spf1 ip4:34.96.0.0/20 ip4:34.127.192.0/18 ~all"], TimeSpan.FromMinutes(7)));

        var answer = await LoadAsync();

        Assert.True(answer.Succeeded);
        Assert.Equal(Networks("34.96.0.0/20 34.127.192.0/18"), answer.Networks);
        Assert.Equal(TimeSpan.FromMinutes(7), answer.TimeToLive);
        Assert.Null(answer.Detail);
        Assert.Equal([Name], _resolver.Asked);
    }

    [Fact]
    public async Task Finds_the_record_among_other_texts()
    {
        _resolver.Answer(Name, "google-site-verification=x", "v=spf10", "v=spf1 ip4:34.96.0.0/20", "", new string('x', 1_000_000));

        Assert.Equal(Networks("34.96.0.0/20"), (await LoadAsync()).Networks);
    }

    [Fact]
    public async Task Gathers_distinct_networks_and_the_least_ttl_over_the_chain()
    {
        _resolver
            .Answer(Name, Found("v=spf1 ip4:34.96.0.0/20 include:a.example include:b.example redirect=c.example", seconds: 7200))
            .Answer("a.example", Found("v=spf1 ip4:34.96.15.255/20 ip4:35.0.0.0/16 -all", seconds: 3600))
            .Answer("b.example", Found("v=spf1 ip6:2600:1900::/28", seconds: 30))
            .Answer("c.example", Found("v=spf1 ip4:34.127.192.0/18", seconds: 10_800));

        var answer = await LoadAsync();

        Assert.Equal(Networks("34.96.0.0/20 35.0.0.0/16 2600:1900::/28 34.127.192.0/18"), answer.Networks);
        Assert.Equal(TimeSpan.FromSeconds(30), answer.TimeToLive);
        Assert.Equal([Name, "a.example", "b.example", "c.example"], _resolver.Asked);
    }

    [Fact]
    public async Task Asks_without_the_final_dot_and_for_nothing_behind_all()
    {
        _resolver
            .Answer(Name, "v=spf1 -include:x.example include:A.Example. redirect=z.example ~all include:y.example")
            .Answer("a.example", "v=spf1 ip4:34.96.0.0/20")
            .Answer("x.example", "v=spf1 ip4:198.51.100.0/24");

        var answer = await Source(Name + ".").LoadAsync(TestContext.Current.CancellationToken);

        Assert.True(answer.Succeeded);
        Assert.Equal([Name, "x.example", "A.Example"], _resolver.Asked);
    }

    [Theory]
    [InlineData("-ip4:34.96.2.66 ip4:34.96.2.64/30", "34.96.2.64/31 34.96.2.67/32")]
    [InlineData("ip4:34.96.2.64/30 -ip4:34.96.2.66", "34.96.2.64/30")]
    [InlineData("~ip4:34.96.0.0/20 ip4:34.96.2.66 ip4:34.127.192.0/18", "34.127.192.0/18")]
    [InlineData("?ip6:2600:1900::/29 ip6:2600:1900::/28 ip4:34.96.0.0/20", "2600:1908::/29 34.96.0.0/20")]
    [InlineData("-include:some.example ip4:34.96.0.0/23", "34.96.1.0/24")]
    [InlineData("-include:but.example ip4:34.96.0.0/24", "34.96.0.128/25")]
    [InlineData("-ip4:34.96.0.0/25 include:some.example", "34.96.0.128/25")]
    [InlineData("-ip4:34.96.0.0/25 redirect=some.example", "34.96.0.128/25")]
    [InlineData("include:but.example", "34.96.0.0/25")]
    public async Task The_first_match_decides(string terms, string expected)
    {
        _resolver.Answer(Name, "v=spf1 " + terms).Answer("some.example", "v=spf1 ip4:34.96.0.0/24 -all").Answer("but.example", "v=spf1 -ip4:34.96.0.128/25 ip4:34.96.0.0/24");

        var answer = await LoadAsync();

        Assert.True(answer.Succeeded, answer.Detail);
        Assert.Equal(Networks(expected), answer.Networks);
    }

    [Fact]
    public async Task Admits_whom_the_rfc_admits_term_by_term()
    {
        var random = new Random(7208);
        for (var i = 0; i < 300; i++)
        {
            (bool Passes, IPNetwork Network)[] terms = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ =>
                (random.Next(2) == 0, new IPNetwork(new IPAddress([34, 96, (byte)random.Next(4), (byte)random.Next(256)]), random.Next(20, 33))))];
            _resolver.Answer(Name, "v=spf1 ip4:34.127.192.0/18 " + string.Join(' ', terms.Select(static term => $"{(term.Passes ? "" : "-")}ip4:{term.Network}")));

            var trie = CidrTrie.Create((await LoadAsync()).Networks);

            for (var address = 0; address < 4 * 256; address++)
            {
                var peer = new IPAddress([34, 96, (byte)(address >> 8), (byte)address]);
                var first = terms.FirstOrDefault(term => term.Network.Contains(peer));
                Assert.Equal(first.Passes, trie.Contains(peer));
            }
        }
    }

    [Theory]
    [InlineData(RangeFailure.Lookup, "-include:unknown.example ip4:34.96.0.0/20")]
    [InlineData(RangeFailure.Lookup, "ip4:34.96.0.0/20 ?include:unknown.example")]
    [InlineData(RangeFailure.TooManyLookups, "a a:b.example mx ptr exists:c.example a a a a a a ip4:34.96.0.0/20")]
    [InlineData(RangeFailure.Malformed, "ip4:34.96.0.0/20 all/8")]
    [InlineData(RangeFailure.Malformed, "ip4:34.96.0.0/20 unknown")]
    [InlineData(RangeFailure.Malformed, "-mx ip4:34.96.0.0/20")]
    [InlineData(RangeFailure.NoNetworks, "-ip4:34.96.0.0/16 ip4:34.96.0.0/20")]
    [InlineData(RangeFailure.NoNetworks, "ip6:::ffff:34.96.0.0/116")]
    public async Task A_permanent_error_refuses_the_answer_whole(object failure, string terms)
    {
        _resolver.Answer(Name, "v=spf1 " + terms);

        await RefusesAsync((RangeFailure)failure);
    }

    [Theory]
    [InlineData("-include:mail.example ip4:34.96.0.0/20", false)]
    [InlineData("~include:outer.example ip4:34.96.0.0/20", false)]
    [InlineData("-include:open.example redirect=some.example", false)]
    [InlineData("ip4:34.96.0.0/20 -include:mail.example -all", true)]
    [InlineData("include:mail.example ip4:34.96.0.0/20", true)]
    [InlineData("-include:some.example ip4:34.127.192.0/18", true)]
    public async Task An_include_that_takes_out_more_than_networks_cannot_be_decided(string terms, bool decides)
    {
        _resolver.Answer(Name, "v=spf1 " + terms)
            .Answer("mail.example", "v=spf1 a ip4:34.96.0.0/24 -all")
            .Answer("outer.example", "v=spf1 include:mail.example -all")
            .Answer("open.example", "v=spf1 ip4:34.96.0.0/24 all")
            .Answer("some.example", "v=spf1 ip4:34.96.0.0/24 -mx -all");

        var answer = await LoadAsync();

        Assert.Equal(decides ? RangeFailure.None : RangeFailure.Malformed, answer.Failure);
    }

    private static string Scattered => string.Concat(Enumerable.Range(0, 79).Select(static i => $"-ip6:{0x2000 + (i * 101):x}:{i:x}::1 "));

    /// <summary>Each time nine thousand networks are left, and always the same ones.</summary>
    [Fact]
    public async Task What_a_record_says_again_and_again_costs_no_more_than_its_first_time()
    {
        _resolver.Answer(Name, $"v=spf1 {Scattered}{string.Concat(Enumerable.Repeat("ip6:2000::/3 ", 4_900))}");

        await RefusesAsync(RangeFailure.TooManyNetworks);
    }

    [Theory]
    [InlineData("", 5, 4_000)]
    [InlineData("", 3_000, 0)]
    [InlineData("-ip4:34.96.0.0/16 ", 3_000, 0)]
    public async Task Nor_does_an_include_that_it_names_again_and_again(string first, int times, int networks)
    {
        _resolver.Answer(Name, $"v=spf1 {first}{string.Concat(Enumerable.Repeat("include:a.example ", times))}-all")
            .Answer("a.example", $"v=spf1 {string.Concat(Enumerable.Range(0, 4_000).Select(static i => $"ip4:34.96.{i / 250}.{i % 250} "))}-all");

        var answer = await LoadAsync();

        Assert.Equal((networks > 0 ? RangeFailure.None : RangeFailure.TooManyNetworks, networks), (answer.Failure, answer.Networks.Count));
    }

    [Fact]
    public async Task What_is_taken_out_by_one_network_is_not_taken_out_piece_by_piece_before()
    {
        _resolver.Answer(Name, $"v=spf1 {Scattered}-ip6:2000::/3 {string.Concat(Enumerable.Repeat("ip6:2000::/3 ", 4_900))}ip4:34.96.0.0/20");

        Assert.Equal("34.96.0.0/20", Assert.Single((await LoadAsync()).Networks).ToString());
    }

    [Fact]
    public async Task A_record_that_takes_long_to_read_is_given_up()
    {
        using var stop = new CancellationTokenSource();
        _resolver.Answer(Name, "v=spf1 include:a.example ip4:34.96.0.0/20").Answer("a.example", "v=spf1 ip4:34.127.192.0/18");
        _resolver.Gate = async (name, _) =>
        {
            if (name == "a.example")
            {
                await stop.CancelAsync();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await new DnsTxtRangeSource(Name, _resolver, new SourceAddressOptions()).LoadAsync(stop.Token));
    }

    [Fact]
    public async Task Takes_out_a_hundred_networks_and_not_one_more()
    {
        string Record(int count) => "v=spf1 " + string.Concat(Enumerable.Range(0, count).Select(static i => $"-ip4:34.96.{i}.1 ")) + "ip4:34.96.0.0/16";
        _resolver.Answer(Name, Record(100));
        Assert.True((await LoadAsync()).Succeeded);

        _resolver.Answer(Name, Record(101));
        await RefusesAsync(RangeFailure.TooManyNetworks);
    }

    [Fact]
    public async Task Many_narrow_networks_let_in_no_more_than_one_wide_one()
    {
        // As narrow as each may be, and together most of the public internet.
        var networks = Enumerable.Range(1, 223).Where(static first => first is not (10 or 100 or 127 or 169 or 172 or 192 or 198 or 203)).SelectMany(static first => new[] { $"ip4:{first}.0.0.0/9", $"ip4:{first}.128.0.0/9" });
        _resolver.Answer(Name, "v=spf1 " + string.Join(' ', networks));

        await RefusesAsync(RangeFailure.TooManyAddresses);
    }

    [Theory]
    [InlineData(RangeFailure.NoSpfRecord, "some text", "v=spf10 ip4:34.96.0.0/20")]
    [InlineData(RangeFailure.NoSpfRecord, "<html><body>503</body></html>")]
    [InlineData(RangeFailure.NoSpfRecord, "")]
    [InlineData(RangeFailure.SeveralSpfRecords, "v=spf1 ip4:34.96.0.0/20", "v=spf1 ip4:34.96.0.0/20")]
    [InlineData(RangeFailure.SeveralSpfRecords, "v=spf1 ip4:34.96.0.0/20", "V=SPF1")]
    [InlineData(RangeFailure.Malformed, "v=spf1 ip4:34.96.0.0/20 ip4:34.127.192.0/33")]
    [InlineData(RangeFailure.Malformed, "v=spf1 ip4:34.96.0.0/20 include:%{i}.example")]
    [InlineData(RangeFailure.NoNetworks, "v=spf1")]
    [InlineData(RangeFailure.NoNetworks, "v=spf1 +all")]
    [InlineData(RangeFailure.NoNetworks, "v=spf1 -ip4:34.96.0.0/20 ~all")]
    [InlineData(RangeFailure.TooWide, "v=spf1 ip4:34.96.0.0/20 ip4:0.0.0.0/0")]
    [InlineData(RangeFailure.TooWide, "v=spf1 ip6:2600::/15")]
    [InlineData(RangeFailure.NonPublic, "v=spf1 ip4:34.96.0.0/20 ip4:127.0.0.1")]
    [InlineData(RangeFailure.NonPublic, "v=spf1 ip6:fc00::/16")]
    [InlineData(RangeFailure.Loop, "v=spf1 ip4:34.96.0.0/20 include:_RANGES.example.")]
    [InlineData(RangeFailure.Loop, "v=spf1 ip4:34.96.0.0/20 redirect=_ranges.example")]
    [InlineData(RangeFailure.Lookup, "v=spf1 ip4:34.96.0.0/20 include:unknown.example")]
    public async Task Refuses_the_answer_whole(object failure, params string[] texts)
    {
        _resolver.Answer(Name, texts);

        await RefusesAsync((RangeFailure)failure);
    }

    [Theory]
    [InlineData(RangeFailure.NoSpfRecord, "no record here")]
    [InlineData(RangeFailure.SeveralSpfRecords, "v=spf1 -all", "v=spf1 -all")]
    [InlineData(RangeFailure.Malformed, "v=spf1 ip4:1")]
    [InlineData(RangeFailure.TooWide, "v=spf1 ip4:34.0.0.0/7")]
    [InlineData(RangeFailure.NonPublic, "v=spf1 ip4:10.0.0.0/24")]
    public async Task Refuses_the_answer_whole_when_an_include_breaks_a_rule(object failure, params string[] texts)
    {
        _resolver.Answer(Name, "v=spf1 ip4:34.96.0.0/20 include:a.example").Answer("a.example", texts);

        await RefusesAsync((RangeFailure)failure);
    }

    [Fact]
    public async Task Names_the_record_of_the_chain_that_is_wrong()
    {
        _resolver.Answer(Name, "v=spf1 include:a.example").Answer("a.example", "v=spf1 ip4:010.0.0.1");

        var answer = await LoadAsync();

        Assert.Equal("a.example: the term \"ip4:010.0.0.1\" does not hold a well-formed network", answer.Detail);
    }

    [Fact]
    public async Task Follows_ten_names_beside_the_first_and_not_one_more()
    {
        for (var i = 0; i <= 11; i++)
        {
            _resolver.Answer($"n{i}.example", $"v=spf1 ip4:34.96.{i}.0/24 include:n{i + 1}.example");
        }

        _resolver.Answer("n10.example", "v=spf1 ip4:34.96.10.0/24");
        Assert.Equal(11, (await Source("n0.example").LoadAsync(TestContext.Current.CancellationToken)).Networks.Count);

        _resolver.Answer("n10.example", "v=spf1 ip4:34.96.10.0/24 redirect=n11.example");
        var answer = await Source("n0.example").LoadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(RangeFailure.TooManyLookups, answer.Failure);
        Assert.Empty(answer.Networks);
        Assert.DoesNotContain("n11.example", _resolver.Asked);
    }

    [Fact]
    public async Task Counts_lookups_beside_each_other_like_those_behind_each_other()
    {
        string[] names = [.. Enumerable.Range(0, 6_000).Select(i => $"n{i}.example")];
        foreach (var name in names[..20])
        {
            _resolver.Answer(name, "v=spf1 ip4:34.96.0.0/20");
        }

        _resolver.Answer(Name, "v=spf1 include:" + string.Join(" include:", names[..10]));
        Assert.True((await LoadAsync()).Succeeded);

        _resolver.Answer(Name, "v=spf1 include:" + string.Join(" include:", names[..3_000]));
        await RefusesAsync(RangeFailure.TooManyLookups);
        Assert.Equal(22, _resolver.Calls);
    }

    [Fact]
    public async Task Asks_once_for_a_name_that_two_records_include()
    {
        _resolver
            .Answer(Name, "v=spf1 include:a.example include:b.example")
            .Answer("a.example", "v=spf1 include:shared.example")
            .Answer("b.example", "v=spf1 include:SHARED.example")
            .Answer("shared.example", "v=spf1 ip4:34.96.0.0/20");

        Assert.True((await LoadAsync()).Succeeded);
        Assert.Equal(4, _resolver.Calls);
    }

    [Fact]
    public async Task Notices_a_loop_behind_several_names()
    {
        _resolver
            .Answer(Name, "v=spf1 ip4:34.96.0.0/20 include:a.example")
            .Answer("a.example", "v=spf1 redirect=b.example")
            .Answer("b.example", "v=spf1 include:A.EXAMPLE.");

        await RefusesAsync(RangeFailure.Loop);
        Assert.Equal(3, _resolver.Calls);
    }

    [Fact]
    public async Task Refuses_more_networks_than_the_cap_over_the_chain()
    {
        for (var part = 0; part < 3; part++)
        {
            var terms = Enumerable.Range(0, 4_000).Select(i => $"ip4:34.{part}.{i >> 8}.{i & 255}");
            _resolver.Answer($"p{part}.example", "v=spf1 " + string.Join(' ', terms));
        }

        _resolver.Answer(Name, "v=spf1 include:p0.example include:p1.example");
        Assert.Equal(8_000, (await LoadAsync()).Networks.Count);

        _resolver.Answer(Name, "v=spf1 include:p0.example include:p1.example include:p2.example");
        await RefusesAsync(RangeFailure.TooManyNetworks);
    }

    [Theory]
    [InlineData(TxtError.NameError)]
    [InlineData(TxtError.NoData)]
    [InlineData(TxtError.ServerFailure)]
    [InlineData(TxtError.Refused)]
    [InlineData(TxtError.Timeout)]
    [InlineData(TxtError.Malformed)]
    [InlineData(TxtError.Network)]
    public async Task Passes_on_why_a_lookup_failed(TxtError error)
    {
        _resolver.Answer(Name, TxtAnswer.Failed(error, "server 192.0.2.1\r\nsaid no"));

        var answer = await LoadAsync();

        Assert.Equal(RangeFailure.Lookup, answer.Failure);
        Assert.Equal($"{Name}: {error}: server 192.0.2.1??said no", answer.Detail);
    }

    [Fact]
    public async Task Takes_whatever_a_resolver_throws_for_a_failed_lookup()
    {
        Func<CancellationToken, ValueTask<TxtAnswer>>[] faults =
        [
            _ => throw new InvalidOperationException("thrown at once"),
            _ => ValueTask.FromException<TxtAnswer>(new InvalidOperationException("thrown later")),
            _ => ValueTask.FromException<TxtAnswer>(new OperationCanceledException("a timeout of the resolver's own")),
            _ => default,
        ];
        foreach (var fault in faults)
        {
            _resolver.Answer(Name, fault);

            await RefusesAsync(RangeFailure.Lookup);
        }
    }

    [Fact]
    public async Task Ends_with_the_callers_cancellation_whatever_the_resolver_makes_of_it()
    {
        Func<CancellationToken, ValueTask<TxtAnswer>>[] manners =
        [
            token => ValueTask.FromCanceled<TxtAnswer>(token),
            _ => ValueTask.FromException<TxtAnswer>(new ObjectDisposedException("socket")),
            _ => ValueTask.FromResult(TxtAnswer.Failed(TxtError.Timeout)),
        ];
        foreach (var manner in manners)
        {
            using var caller = new CancellationTokenSource();
            _resolver.Answer(Name, manner).Gate = (_, _) => caller.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Source(Name).LoadAsync(caller.Token));
        }
    }

    [Fact]
    public async Task Waits_for_an_answer_that_is_held_back()
    {
        var gate = new TaskCompletionSource();
        _resolver.Answer(Name, "v=spf1 ip4:34.96.0.0/20").Gate = (_, token) => gate.Task.WaitAsync(token);

        var load = Source(Name).LoadAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(load.IsCompleted);

        gate.SetResult();
        Assert.True((await load).Succeeded);
    }

    private async Task RefusesAsync(RangeFailure failure)
    {
        var answer = await LoadAsync();

        Assert.Equal(failure, answer.Failure);
        Assert.False(answer.Succeeded);
        Assert.Empty(answer.Networks);
        Assert.Equal(TimeSpan.Zero, answer.TimeToLive);
        Assert.All(answer.Detail!, character => Assert.InRange(character, ' ', '~'));
    }

    private async Task<RangeAnswer> LoadAsync() => await Source(Name).LoadAsync(TestContext.Current.CancellationToken);

    private DnsTxtRangeSource Source(string name) => new(name, _resolver, new SourceAddressOptions());

    private static TxtAnswer Found(string text, int seconds) => TxtAnswer.Found([text], TimeSpan.FromSeconds(seconds));

    private static IEnumerable<IPNetwork> Networks(string networks) => networks.Split(' ').Select(IPNetwork.Parse);
}
