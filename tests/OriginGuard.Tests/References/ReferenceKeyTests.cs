using System.Net;
using System.Text;
using OriginGuard.Checks;
using OriginGuard.References;
using Xunit;

namespace OriginGuard.Tests.References;

public sealed class ReferenceKeyTests
{
    private const string Text = "a-key-of-thirty-two-random-bytes-0001";

    private readonly ReferenceKey _key = ReferenceKey.From(Text);

    internal static RefusalRecord Record(RefusalReason reason = RefusalReason.SecretMissing, string path = "/orders/17", string method = "GET", string instance = "origin-7c9b4-x2x7k") => new()
    {
        Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
        Reason = reason,
        Layers = [new(LayerState.Admitted), new(LayerState.Admitted, IsMild: true), new(LayerState.NotAdmitted, reason), new(LayerState.Unverified)],
        Peer = IPAddress.Parse("34.96.1.1"),
        Method = method,
        Path = path,
        Instance = instance,
    };

    [Theory]
    [InlineData(null)]
    [InlineData("34.96.1.1")]
    [InlineData("2001:db8::1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public void Opens_what_it_has_sealed(string? address)
    {
        var peer = address is null ? null : IPAddress.Parse(address);
        var record = new RefusalRecord
        {
            Time = DateTimeOffset.UnixEpoch,
            Reason = RefusalReason.IapKeysUnavailable,
            Peer = peer,
            Method = "",
            Path = "/",
            Instance = "",
            Layers = [new(LayerState.Off), new(LayerState.Off), new(LayerState.Admitted), new(LayerState.NotAdmitted, RefusalReason.IapKeysUnavailable, IsMild: true)],
        };

        var opened = _key.Open(_key.Seal(record), out var problem)!;

        Assert.Null(problem);
        Assert.Equal((record.Time, record.Reason, record.Peer, record.Method, record.Path, record.Instance), (opened.Time, opened.Reason, opened.Peer, opened.Method, opened.Path, opened.Instance));
        Assert.Equal(record.Layers, opened.Layers);
    }

    /// <summary>A layer of somebody's own is one more than there is place for: it is left out, and writes over nothing.</summary>
    [Fact]
    public void A_layer_more_than_there_is_place_for_is_left_out()
    {
        LayerRecord[] layers = [new(LayerState.Admitted), new(LayerState.Admitted), new(LayerState.Admitted), new(LayerState.Off), new(LayerState.NotAdmitted, RefusalReason.IapSubject)];
        var record = new RefusalRecord { Time = DateTimeOffset.UnixEpoch, Reason = RefusalReason.SecretMissing, Peer = null, Method = "GET", Path = "/", Instance = "one", Layers = layers };

        var opened = _key.Open(_key.Seal(record), out _)!;

        Assert.Equal((RefusalReason.SecretMissing, null), (opened.Reason, opened.Peer));
        Assert.Equal(layers[..4], opened.Layers);
    }

    [Fact]
    public void What_another_version_has_sealed_with_the_same_key_and_this_one_does_not_know_is_not_guessed_at()
    {
        var ofAnother = Record((RefusalReason)250);
        RefusalRecord[] unknown =
        [
            ofAnother,
            new() { Time = ofAnother.Time, Reason = RefusalReason.SecretMissing, Peer = null, Method = "GET", Path = "/", Instance = "", Layers = [new((LayerState)99)] },
        ];

        Assert.All(unknown, record =>
        {
            Assert.Null(_key.Open(_key.Seal(record), out var problem));
            Assert.Equal("It was made by another version of OriginGuard, and this one cannot read it.", problem);
        });
    }

    [Fact]
    public void Has_one_length_whatever_it_says() => Assert.Equal(
        [ReferenceKey.ReferenceLength],
        Enum.GetValues<RefusalReason>().Select(reason => _key.Seal(Record(reason)).Length)
            .Concat(new[] { "", "/", "/" + new string('a', 100_000), "/\u00e9\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00", "\ud83d" }
                .SelectMany(text => new[] { _key.Seal(Record(path: text)).Length, _key.Seal(Record(method: text)).Length, _key.Seal(Record(instance: text)).Length }))
            .Distinct());

    [Fact]
    public void Cuts_what_is_too_long_where_it_tells_least()
    {
        var opened = _key.Open(_key.Seal(Record(path: "/caf\u00e9/" + new string('\u00e9', 100), method: "PROPPATCH!", instance: "origin-deployment-7c9b4-x2x7k")), out _)!;

        Assert.StartsWith("/caf\u00e9/\u00e9\u00e9", opened.Path, StringComparison.Ordinal);
        Assert.DoesNotContain('\ufffd', opened.Path);
        Assert.True(RefusalRecordForm.IsFull(opened.Path));
        Assert.False(RefusalRecordForm.IsFull("/orders/17"));
        Assert.Equal(("PROPPATC", "ment-7c9b4-x2x7k"), (opened.Method, opened.Instance));
    }

    [Fact]
    public void Never_seals_the_same_twice() => Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => _key.Seal(Record())).Distinct().Count());

    [Fact]
    public void Nothing_of_a_record_can_be_read_or_told_apart_without_the_key()
    {
        // What every reference of this key begins with; the rest is as good as random.
        var sealed1 = _key.Seal(Record());
        var sealed2 = _key.Seal(Record(RefusalReason.AddressOutsideRanges, path: "/other"));
        var same = sealed1.Zip(sealed2, static (left, right) => left == right).TakeWhile(static same => same).Count();

        Assert.InRange(same, 5, 8);
    }

    [Fact]
    public void A_reference_that_was_changed_in_any_place_opens_to_nothing()
    {
        var reference = _key.Seal(Record());
        for (var i = 0; i < reference.Length; i++)
        {
            var forged = $"{reference[..i]}{(reference[i] == 'A' ? 'B' : 'A')}{reference[(i + 1)..]}";

            Assert.Null(_key.Open(forged, out var problem));
            Assert.NotNull(problem);
        }
    }

    [Fact]
    public void A_reference_of_another_key_says_so_and_opens_to_nothing()
    {
        var other = ReferenceKey.From("another-key-of-thirty-two-bytes-0001");

        Assert.Null(_key.Open(other.Seal(Record()), out var problem));
        Assert.Contains(other.Id, problem, StringComparison.Ordinal);
        Assert.Contains(_key.Id, problem, StringComparison.Ordinal);
        Assert.Null(_key.Open(ReferenceKey.OfThisProcess().Seal(Record()), out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AQ")]
    [InlineData("not a reference")]
    [InlineData("<script>alert(1)</script>")]
    public void What_is_no_reference_says_so(string text)
    {
        Assert.Null(_key.Open(text, out var problem));
        Assert.Equal($"It is no reference: {ReferenceKey.ReferenceLength} characters of base64url are needed.", problem);
    }

    [Fact]
    public void Random_text_of_the_right_length_opens_to_nothing()
    {
        var random = new Random(20261128);
        for (var i = 0; i < 2000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, ReferenceKey.ReferenceLength).Select(_ => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_="[random.Next(65)]));

            Assert.Null(_key.Open(text, out _));
        }
    }

    [Fact]
    public void Nothing_of_what_was_there_before_stays_in_a_record()
    {
        Span<byte> clean = stackalloc byte[RefusalRecordForm.Length], dirty = stackalloc byte[RefusalRecordForm.Length];
        dirty.Fill(0xAA);

        RefusalRecordForm.Write(Record(path: "/"), clean);
        RefusalRecordForm.Write(Record(path: "/"), dirty);

        Assert.True(clean.SequenceEqual(dirty));
    }

    [Theory]
    [InlineData(8)] // the state of the first layer
    [InlineData(9)] // its reason
    [InlineData(16)] // the reason that decided
    public void What_a_later_version_has_added_is_not_guessed_at(int place)
    {
        var octets = new byte[RefusalRecordForm.Length];
        RefusalRecordForm.Write(Record(), octets);
        octets[place] = 0x7f;

        Assert.Throws<InvalidDataException>(() => RefusalRecordForm.Read(octets));
    }

    [Fact]
    public void Any_octets_are_a_record_or_are_refused()
    {
        var random = new Random(20261128);
        var octets = new byte[RefusalRecordForm.Length];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(octets);
            try
            {
                RefusalRecordForm.Read(octets);
            }
            catch (InvalidDataException)
            {
                // As promised.
            }
        }
    }

    [Fact]
    public void The_same_text_makes_the_same_key_and_prints_nothing_of_it()
    {
        Assert.NotNull(ReferenceKey.From(Text).Open(_key.Seal(Record()), out _));
        Assert.Equal($"*** ({_key.Id})", _key.ToString());
        Assert.Matches("^[0-9a-f]{6}$", _key.Id);
        Assert.DoesNotContain(_key.Id, Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Text)), StringComparison.Ordinal);
    }

    /// <summary>A reference is opened by other versions than the one that sealed it.</summary>
    [Fact]
    public void The_numbers_of_reasons_do_not_change() => Assert.Equal(
        [
            "0 none", "1 headers.smuggled", "2 address.unknown", "3 address.outside_ranges", "4 address.forwarded_for_invalid", "5 address.ranges_unavailable", "6 secret.missing",
            "7 secret.multiple", "8 secret.mismatch", "9 iap.missing", "10 iap.multiple", "11 iap.malformed", "12 iap.algorithm", "13 iap.unknown_key", "14 iap.signature", "15 iap.issuer",
            "16 iap.audience", "17 iap.expired", "18 iap.issued_in_future", "19 iap.lifetime", "20 iap.subject", "21 iap.keys_unavailable",
        ],
        Enum.GetValues<RefusalReason>().Select(static reason => $"{(int)reason} {reason.ToCode()}"));
}
