using System.Net;
using System.Text.RegularExpressions;
using OriginGuard.Arming;
using OriginGuard.Diagnostics;
using OriginGuard.Learning;
using Xunit;

namespace OriginGuard.Tests.Diagnostics;

/// <summary>What the page says of states that a guard is seldom in, in the words that a person reads.</summary>
public sealed partial class PageStatesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly RecordDiagnosis Loaded = new(
        "ranges.example", "dns", true, 2, ["34.96.0.0/20", "34.127.192.0/18"], Now.AddMinutes(-5), 300, 120, "succeeded", Now.AddMinutes(-5), null, Now.AddMinutes(2), false, "confirmed", null);

    private static readonly ArmingCaller Caller = new(
        "curl", "LoadBalancer", ["secret.missing"], ["34.96.0.0/24"], ["/orders"], Now.AddDays(-1), Now.AddHours(-1), 3, 4, "Set the header.");

    private static readonly ArmingReport Quiet = new("ready", "Ready.", false, Now.AddDays(-7), Now, Now.AddDays(-7), 12, 0, [], [], new ArmingStrangers(0, []));

    private static readonly LearnedDiagnosis Learned = new(Now.AddHours(-3), "Only a hint.", 1, 0, 0, [], [], null);

    [Theory]
    [InlineData(0, "0 seconds")]
    [InlineData(1, "1 second")]
    [InlineData(119, "119 seconds")]
    [InlineData(120, "2 minutes")]
    [InlineData(7_199, "119 minutes")]
    [InlineData(7_200, "2 hours")]
    [InlineData(172_799, "47 hours")]
    [InlineData(172_800, "2 days")]
    [InlineData(604_800, "7 days")]
    public void A_duration_is_said_in_the_largest_unit_of_which_there_are_two(long seconds, string said) => Assert.Equal(said, PageWords.Duration(seconds));

    [Theory]
    [InlineData(true, "admitted", "Enforce", "right", "Shared secret admitted said It is configured.")]
    [InlineData(true, "refused", "ReportOnly", "wrong", "Shared secret refused only reports said It is configured.")]
    [InlineData(true, null, "Enforce", "wrong", "Shared secret not asked said It is configured.")]
    [InlineData(false, null, "Disabled", "off", "Shared secret off said")]
    public void A_layer_looks_right_only_where_it_admitted(bool isOn, string? verdict, string mode, string look, string said)
    {
        var request = new RequestDiagnosis("refused", null, "Connection", null, null, null, null, null);
        var html = LayersHtml.Render(Of(request, new LayerDiagnosis("SharedSecret", isOn, mode, "It is configured.", verdict, null, "said")));

        Assert.Contains($"<li class=\"{look}\">", html.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(said, Words(html), StringComparison.Ordinal);
        Assert.Contains("Peer none Peer read from the connection In the network none Client unknown", Words(html), StringComparison.Ordinal);
    }

    [Fact]
    public void A_peer_by_X_Forwarded_For_is_shown_with_the_entry_that_it_is()
    {
        var html = LayersHtml.Render(Of(new RequestDiagnosis("admitted", "34.96.0.7", "ForwardedFor", 2, "34.96.0.0/20", "203.0.113.9", 0, null)));

        Assert.Contains(
            "Peer 34.96.0.7 Peer read from X-Forwarded-For, entry 2 from the right In the network 34.96.0.0/20 Client 203.0.113.9", Words(html), StringComparison.Ordinal);
    }

    [Fact]
    public void Records_say_how_their_refreshing_goes()
    {
        RecordDiagnosis[] records =
        [
            Loaded,
            Loaded with { LastRefresh = "failed", LastError = "no answer", NextRefreshAt = null, Corroboration = "likely", TimeToLiveSeconds = null },
            Loaded with { HasStopped = true, LastRefresh = null, LastRefreshAt = null, IsUsable = false, Corroboration = "doubted", Objection = "192.0.2.0/24 is in none" },
            Loaded with { NextRefreshAt = Now.AddMinutes(-1), NetworkCount = 9, Corroboration = null },
            Loaded with { Name = null, Source = "static", LoadedAt = null, AgeSeconds = null, LastRefresh = null, NetworkCount = 1, Networks = ["34.96.0.0/20"] },
        ];

        string[] said = [.. records.Select(static record => Words(RangesHtml.Render(Of(record))))];

        Assert.All(records.Zip(said), static pair => Assert.Contains($"Trusted for 7 days after they were loaded. {pair.First.Name ?? "Configured networks"} ", pair.Second, StringComparison.Ordinal));
        Assert.Contains("in force Source dns Loaded 2026-01-01 11:55:00 UTC, 5 minutes ago Google's lists confirm them Time to live 2 minutes", said[0], StringComparison.Ordinal);
        Assert.Contains("Last refresh succeeded, 2026-01-01 11:55:00 UTC Next refresh 2026-01-01 12:02:00 UTC, in 2 minutes", said[0], StringComparison.Ordinal);
        Assert.Contains("hold them, but the copy is old Last refresh failed, 2026-01-01 11:55:00 UTC Error no answer Next refresh under way", said[1], StringComparison.Ordinal);
        Assert.Contains("not usable Source dns", said[2], StringComparison.Ordinal);
        Assert.Contains("192.0.2.0/24 is in none, but the copy is old Time to live 2 minutes Last refresh Next refresh has ended unexpectedly; restart the application", said[2], StringComparison.Ordinal);
        Assert.Contains("Next refresh 2026-01-01 11:59:00 UTC, in 0 seconds 9 networks 34.96.0.0/20 34.127.192.0/18 and 7 more", said[3], StringComparison.Ordinal);
        Assert.EndsWith("Configured networks in force Source static 1 network 34.96.0.0/20", said[4], StringComparison.Ordinal);
        Assert.Equal("", Words(RangesHtml.Render(Of(new RequestDiagnosis("refused", null, "Connection", null, null, null, null, null)))));
    }

    [Theory]
    [InlineData(null, 2, 61L, null, "IAP assertion Audience /projects/1/apps/a Keys 2, loaded 61 seconds ago")]
    [InlineData("123", 0, null, "no answer", "IAP assertion Audience /projects/1/apps/a Project 123 Keys 0, not loaded yet Error no answer")]
    public void Keys_say_how_old_they_are_and_why_there_are_no_newer_ones(string? project, int keys, long? age, string? error, string said)
    {
        Assert.Equal(said, Words(IapHtml.Render(new IapDiagnosis(["/projects/1/apps/a"], project, keys, age, error))));
        Assert.Equal("", Words(IapHtml.Render(null)));
    }

    [Fact]
    public void Secrets_say_which_one_was_seen_when_and_how_far_a_rotation_is()
    {
        var one = new SecretsDiagnosis("X-Origin-Guard", Now.AddDays(-1), null, null, [new SlotDiagnosis(0, 1_234, Now)]);
        var two = one with { Rotation = "Keep them.", Slots = [new SlotDiagnosis(0, 0, null), new SlotDiagnosis(1, 7, Now)] };

        Assert.EndsWith("Requests 0, the current one 2026-01-01 12:00:00 UTC 1,234", Words(SecretsHtml.Render(one)), StringComparison.Ordinal);
        Assert.EndsWith("0, the current one not yet 0 1 2026-01-01 12:00:00 UTC 7 Rotation: Keep them.", Words(SecretsHtml.Render(two)), StringComparison.Ordinal);
        Assert.Equal("", Words(SecretsHtml.Render(null)));
    }

    [Theory]
    [InlineData(true, "sealed with key ab, which ends with this process. Reference Open It is no reference.")]
    [InlineData(false, "sealed with key ab. Reference Open It is no reference.")]
    public void References_say_how_long_their_key_lives_and_why_one_does_not_open(bool isOfProcess, string said)
    {
        Assert.EndsWith(said, Words(ReferencesHtml.Render(new ReferencesDiagnosis("ab", isOfProcess, null, "It is no reference."))), StringComparison.Ordinal);
        Assert.Equal("", Words(ReferencesHtml.Render(null)));
    }

    [Fact]
    public void What_was_learned_is_no_more_certain_on_the_page_than_it_is()
    {
        var some = Learned with
        {
            Requests = 12,
            SecretHeader = 3,
            SecretRight = 2,
            Configuration = "{ }",
            Networks = [new LearnedNetwork("34.96.0.0/24", true, 9, 0, 2), new LearnedNetwork("192.0.2.0/24", false, 8, 5, 0)],
            Audiences = [new LearnedAudience("/projects/1/apps/a", 3, 1)],
        };

        Assert.EndsWith("1 request since 2026-01-01 09:00:00 UTC: 0 with the header of the secret, 0 with a right one. Only a hint. Network Requests Vouched for", Words(LearnedHtml.Render(Learned)), StringComparison.Ordinal);
        Assert.Contains("12 requests since", Words(LearnedHtml.Render(some)), StringComparison.Ordinal);
        Assert.Contains("34.96.0.0/24 in the ranges 9 2 192.0.2.0/24 3 or more 0 Audience of a signed assertion", Words(LearnedHtml.Render(some)), StringComparison.Ordinal);
        Assert.EndsWith("/projects/1/apps/a 3 1 What would admit those that were vouched for and are not admitted yet: { }", Words(LearnedHtml.Render(some)), StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_stands_against_refusing_is_named_with_the_remedy()
    {
        var breaks = Quiet with { Verdict = "breaks", IsArmed = true, Breaks = [Caller], Strangers = new ArmingStrangers(1, [Caller with { Who = "A partner" }]) };
        var earlier = Quiet with { Verdict = "watching", Earlier = [Caller], Strangers = new ArmingStrangers(2, []) };

        Assert.StartsWith("Who would be locked out: ready Ready. Strangers: 0 requests, which the guard is for. Since 2025-12-25 12:00:00 UTC: 12 admitted", Words(ArmingHtml.Render(Quiet)), StringComparison.Ordinal);
        Assert.Contains("data-verdict=\"admitted\"", ArmingHtml.Render(Quiet).ToString(), StringComparison.Ordinal);
        Assert.StartsWith("Who is locked out: breaks Ready. Who What it does Last seen Requests curl Set the header. secret.missing from 34.96.0.0/24 calls /orders 2026-01-01 11:00:00 UTC 7", Words(ArmingHtml.Render(breaks)), StringComparison.Ordinal);
        Assert.Contains("Strangers: 1 request, which the guard is for. These keep coming; one of them may be a partner: Who What it does Last seen Requests A partner", Words(ArmingHtml.Render(breaks)), StringComparison.Ordinal);
        Assert.Contains("data-verdict=\"refused\"", ArmingHtml.Render(breaks).ToString(), StringComparison.Ordinal);
        Assert.Contains("Not seen lately; look whether they were mended, or only come rarely: Who", Words(ArmingHtml.Render(earlier)), StringComparison.Ordinal);
        Assert.Contains("data-verdict=\"undetermined\"", ArmingHtml.Render(earlier).ToString(), StringComparison.Ordinal);
    }

    private static Diagnosis Of(RequestDiagnosis request, params LayerDiagnosis[] layers) => new(
        Now, "Enforce", "InternetNeg", request, new ArrivalDiagnosis("HTTP/1.1", 0, 0, [], 0, 0, null, 0, []), layers, null, null, null, new CountsDiagnosis(Now, []), null, Quiet, null);

    private static Diagnosis Of(RecordDiagnosis record) =>
        Of(new RequestDiagnosis("admitted", null, "Connection", null, null, null, null, null)) with { Ranges = new RangesDiagnosis(604_800, null, [record]) };

    /// <summary>The text of the page, as a person reads it.</summary>
    private static string Words(object html) => Blanks().Replace(WebUtility.HtmlDecode(Tags().Replace($"{html}", " ")), " ").Replace(" ,", ",", StringComparison.Ordinal).Replace(" :", ":", StringComparison.Ordinal).Replace(" .", ".", StringComparison.Ordinal).Trim();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
