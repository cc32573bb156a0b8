using System.Text;
using OriginGuard.Iap;
using Xunit;

namespace OriginGuard.Tests.Iap;

/// <summary>A stranger chooses what is read before the signature: it is bounded, and what would cost more than its reading is left until later.</summary>
public sealed class IapBoundsTests
{
    [Theory]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public async Task Counts_members_and_elements_together(int values, bool isRead)
    {
        await using var world = new IapWorld();
        var elements = values - 2; // the object and the list are values too

        Assert.Equal(isRead, Reads(world, $"{{\"x\":[{Repeat("1", elements)}]}}"));
        Assert.Equal(isRead, Reads(world, $"{{\"x\":[{Repeat("{\"a\":1}", elements / 2)}{(elements % 2 == 0 ? "" : ",1")}]}}"));
        Assert.Equal(isRead, Reads(world, $"{{\"x\":[{Repeat("[1]", elements / 2)}{(elements % 2 == 0 ? "" : ",1")}]}}"));
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public async Task Measures_the_names_on_the_way_to_a_value_together(int length, bool isRead)
    {
        await using var world = new IapWorld();
        var half = length / 2;

        Assert.Equal(isRead, Reads(world, $"{{\"{new string('n', length)}\":1}}"));
        Assert.Equal(isRead, Reads(world, $"{{\"{new string('n', half)}\":{{\"{new string('m', length - half - 1)}\":1}}}}"));
        Assert.Equal(isRead, Reads(world, $"{{\"{new string('n', half)}\":[1,{{\"a\":1}},[{{\"{new string('m', length - half - 1)}\":1}}]]}}"));

        // Side by side they are as long as they like.
        Assert.True(Reads(world, $"{{\"{new string('n', 200)}\":{{\"a\":1}},\"{new string('m', 200)}\":{{\"b\":[1]}}}}"));
        Assert.True(Reads(world, $"{{\"a\":{{\"{new string('n', 200)}\":1}},\"{new string('m', 200)}\":1}}"));
    }

    [Fact]
    public async Task Holds_the_header_to_them_too()
    {
        await using var world = new IapWorld();

        Assert.NotNull(IapAssertionReader.Read(world.Issuer.Sign("{}", world.Header(more: $",\"x\":[{Repeat("1", 900)}]"))));
        Assert.Null(IapAssertionReader.Read(world.Issuer.Sign("{}", world.Header(more: $",\"x\":[{Repeat("1", 1100)}]"))));
        Assert.Null(IapAssertionReader.Read(world.Issuer.Sign("{}", world.Header(more: $",\"{new string('n', 257)}\":1"))));
    }

    [Fact]
    public async Task Refuses_half_a_surrogate_pair_in_members_that_it_does_not_know()
    {
        await using var world = new IapWorld();

        Assert.False(Reads(world, "{\"x\":\"\\ud800\"}"));
        Assert.False(Reads(world, "{\"x\":[{\"\\udc00\":1}]}"));
        Assert.True(Reads(world, "{\"x\":\"\\ud83d\\ude00\",\"\\u0061\":\"\\n\"}"));
    }

    [Fact]
    public async Task Looks_for_no_key_whose_id_is_longer_than_any()
    {
        await using var world = await IapWorld.WithKeysAsync();
        world.Time.Advance(TimeSpan.FromMinutes(1));
        var fetches = world.Keys.Fetches;

        Assert.Equal(RefusalReason.IapUnknownKey, await world.ReasonAsync(Forgeries.WithKeyId(new string('k', 257))));
        Assert.Equal(fetches, world.Keys.Fetches);
    }

    /// <summary>The token that once cost 2.4 MiB: a long name above hundreds of members, each of which became a claim type before anybody looked at the signature.</summary>
    [Fact]
    public async Task Costs_little_when_a_stranger_makes_it_as_dear_as_he_can()
    {
        await using var world = await IapWorld.WithKeysAsync();
        string[] hostile =
        [
            $"{{\"gcip\":{{\"{new string('n', 2500)}\":{{{Repeat(400, number => $"\"{number:x}\":1")}}}}}}}",
            $"{{\"gcip\":{{\"{new string('n', 240)}\":{{{Repeat(600, number => $"\"{number:x}\":1")}}}}}}}",
            $"{{\"additional_claims\":{{\"{new string('n', 230)}\":[{Repeat("\"\"", 900)}]}}}}",
            $"{{\"google\":{{\"access_levels\":[{Repeat("\"\"", 1000)}]}}}}",
            $"{{\"sub\":\"{new string('s', 5000)}\"}}",
        ];

        foreach (var payload in hostile)
        {
            var token = $"{Forgeries.Encode(world.Header())}.{Forgeries.Encode(payload)}.{new string('A', 86)}";
            var reason = await world.ReasonAsync(token);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var asked = world.Verifier.VerifyAsync(token);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

            Assert.True(asked.IsCompletedSuccessfully);
            Assert.Contains(reason, (RefusalReason[])[RefusalReason.IapMalformed, RefusalReason.IapSignature]);
            Assert.True(allocated < 32 * 1024, $"{allocated} bytes for {payload.Length} characters: {payload[..40]}");
        }
    }

    private static bool Reads(IapWorld world, string payload) => IapAssertionReader.Read(world.Issuer.Sign(payload)) is not null;

    private static string Repeat(string element, int times) => string.Join(',', Enumerable.Repeat(element, times));

    private static string Repeat(int times, Func<int, string> element) => new StringBuilder().AppendJoin(',', Enumerable.Range(0, times).Select(element)).ToString();
}
