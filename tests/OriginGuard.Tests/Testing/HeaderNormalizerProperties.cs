using System.Net;
using FsCheck;
using FsCheck.Fluent;
using OriginGuard.Testing;
using OriginGuard.Testing.Headers;
using Xunit;

namespace OriginGuard.Tests.Testing;

/// <summary>What holds for every request, whatever the load balancer is.</summary>
public class HeaderNormalizerProperties
{
    private static readonly Uri Uri = new("https://www.client.test/");
    private static readonly string[] Added = ["Host", "Via", "X-Forwarded-For", "X-Forwarded-Proto", "X-Cloud-Trace-Context"];
    private static readonly string[] Names =
    [
        "accept", "Accept", "ACCEPT-CH", "cookie", "Set-Cookie", "set-cookie", "ETag", "if-none-match", "x-origin-guard", "X-Origin-Guard", "X-ORIGIN-GUARD",
        "x_origin_guard", "Via", "x-forwarded-for", "X-Forwarded-For", "host", "content-length", "x-goog-iap-jwt-assertion", "x-unknown", "te",
        "X-Cloud-Trace-Context",
    ];

    private static readonly string[] Values = ["", "a", "b,c", " d ", "1.2.3.4", "\"q,uoted\"", ",", "\t"];

    [Fact]
    public void No_value_is_lost_and_the_values_of_a_name_keep_their_order() => ForEveryRequest((sent, options) =>
    {
        var received = Normalize(sent, options);

        foreach (var field in sent.Where(IsEndToEnd).GroupBy(line => line.Key, StringComparer.OrdinalIgnoreCase))
        {
            var expected = string.Join(IsCookie(field.Key) ? "; " : ",", field.Select(line => line.Value));
            var actual = Joined(received, field.Key);
            var isExtended = Added.Contains(field.Key, StringComparer.OrdinalIgnoreCase);
            Assert.True(actual == expected || (isExtended && actual.StartsWith(expected + ",", StringComparison.Ordinal)));
        }
    });

    [Fact]
    public void Names_are_the_same_without_their_case() => ForEveryRequest((sent, options) =>
    {
        var expected = sent.Where(IsEndToEnd).Select(line => line.Key).Concat(Added);

        Assert.True(expected.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(Normalize(sent, options).Select(line => line.Key)));
    });

    [Fact]
    public void What_was_normalized_once_stays_as_it_is() => ForEveryRequest((sent, options) =>
    {
        var once = Normalize(sent, options);
        var twice = Normalize(once, options);

        Assert.Equal(WithoutGrowing(once), WithoutGrowing(twice));
        Assert.Equal($"{Joined(once, "Via")},1.1 google", Joined(twice, "Via"));
        Assert.Equal($"{Joined(once, "X-Forwarded-For")},203.0.113.7,198.51.100.1", Joined(twice, "X-Forwarded-For"));
    });

    [Fact]
    public void Every_load_balancer_hands_on_the_same_values() => ForEveryRequest((sent, options) =>
    {
        var received = Normalize(sent, options);
        var reference = Normalize(sent, new SimulatedLoadBalancerOptions());

        Assert.All(
            sent.Select(line => line.Key).Except(["X-Cloud-Trace-Context"], StringComparer.OrdinalIgnoreCase),
            name => Assert.Equal(Joined(reference, name), Joined(received, name)));
    });

    [Fact]
    public void One_name_has_one_spelling() => ForEveryRequest((sent, options) =>
        Assert.All(
            Normalize(sent, options).GroupBy(line => line.Key, StringComparer.OrdinalIgnoreCase),
            field => Assert.Single(field.Select(line => line.Key).Distinct())));

    [Fact]
    public void A_list_and_what_the_load_balancer_writes_is_one_line() => ForEveryRequest((sent, options) =>
        Assert.All(
            Normalize(sent, options)
                .Where(line => options.Kind is not LoadBalancerKind.Regional && HeaderNames.IsList(line.Key) is true)
                .GroupBy(line => line.Key, StringComparer.OrdinalIgnoreCase),
            field => Assert.Single(field)));

    private static void ForEveryRequest(Action<KeyValuePair<string, string>[], SimulatedLoadBalancerOptions> property)
    {
        var line = Gen.Elements(Names).SelectMany(name => Gen.Elements(Values).Select(value => new KeyValuePair<string, string>(name, value)));
        var options = Gen.Elements(Enum.GetValues<LoadBalancerKind>()).SelectMany(
            kind => Gen.Elements(Enum.GetValues<BackendProtocol>()).SelectMany(
                protocol => Gen.Elements(true, false).SelectMany(
                    merge => Gen.Elements(Enum.GetValues<HeaderSpelling>()).Select(
                        spelling => new SimulatedLoadBalancerOptions { Kind = kind, Protocol = protocol, MergeUnknownHeaders = merge, Spelling = spelling }))));
        var requests = line.ArrayOf().SelectMany(lines => options.Select(option => (lines, option))).ToArbitrary();
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(20260101UL, 42949673UL),
            Prop.ForAll(requests, request => property(request.lines, request.option)));
    }

    private static KeyValuePair<string, string>[] Normalize(IEnumerable<KeyValuePair<string, string>> lines, SimulatedLoadBalancerOptions options) =>
        [.. new HeaderNormalizer(options).Normalize(lines, Uri, IPAddress.Parse("203.0.113.7"))];

    private static string Joined(IEnumerable<KeyValuePair<string, string>> lines, string name) =>
        string.Join(',', lines.Where(line => line.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(line => line.Value));

    private static bool IsCookie(string name) => name.Equals("Cookie", StringComparison.OrdinalIgnoreCase);

    private static bool IsEndToEnd(KeyValuePair<string, string> line) => line.Key is not "te";

    // As a set of lines: what the load balancer extends moves to the end.
    private static IEnumerable<KeyValuePair<string, string>> WithoutGrowing(IEnumerable<KeyValuePair<string, string>> lines) => lines
        .Where(line => !line.Key.Equals("Via", StringComparison.OrdinalIgnoreCase) && !line.Key.Equals("X-Forwarded-For", StringComparison.OrdinalIgnoreCase))
        .OrderBy(line => line.Key, StringComparer.OrdinalIgnoreCase);
}
