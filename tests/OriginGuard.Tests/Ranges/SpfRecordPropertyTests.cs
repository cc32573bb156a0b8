using System.Text;
using OriginGuard.Ranges;
using Xunit;

namespace OriginGuard.Tests.Ranges;

public class SpfRecordPropertyTests
{
    private static readonly string[] Pieces =
    [
        "ip4:34.96.0.0/20", "ip4:10.1.2.3", "ip4:255.255.255.255/0", "ip6:2600:1900::/28", "ip6:::1", "ip6:1:2:3:4:5:6:7:8/9",
        "ip6:64:ff9b::1.2.3.4", "include:_a.example", "redirect=b.example.", "all", "-all", "~ip4:1.2.3.4", "?ip6:::", "+ip4:1.2.3.4/32",
        "-include:c.example", "a", "mx/24", "x=y", "-mx:a.example//64", "exists:%{i}.a.example", "?ptr", "exp=%{d}", "ip6:::ffff:1.2.3.4",
    ];

    private const string Alphabet = "0123456789abcdefABCDEFipIPv=:./%+-~? \t\0[]x_\u0131\u0660\uff11";

    [Theory]
    [InlineData(7208)]
    [InlineData(6890)]
    [InlineData(4291)]
    public void Agrees_with_the_oracle_on_records_with_a_few_wrong_characters(int seed)
    {
        var random = new Random(seed);
        var wellFormed = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = Mutated(random, "v=spf1 " + string.Join(' ', random.GetItems(Pieces, random.Next(1, 5))));

            wellFormed += Agree(text) ? 1 : 0;
        }

        // Both sides of the table must be met, or the comparison shows nothing.
        Assert.InRange(wellFormed, 2_000, 18_000);
    }

    [Fact]
    public void Agrees_with_the_oracle_on_addresses_of_random_characters()
    {
        var random = new Random(5952);
        var wellFormed = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var family = random.Next(2) == 0 ? "ip4:" : "ip6:";
            var characters = family == "ip4:" ? "0123.../" : "01f::::./";

            wellFormed += Agree($"v=spf1 {family}{new string(random.GetItems(characters.AsSpan(), random.Next(1, 16)))}") ? 1 : 0;
        }

        Assert.InRange(wellFormed, 100, 49_900);
    }

    [Fact]
    public void Agrees_with_the_oracle_on_every_beginning_of_a_record()
    {
        var whole = "v=spf1 " + string.Join(' ', Pieces);
        for (var length = 0; length <= whole.Length; length++)
        {
            Agree(whole[..length]);
        }
    }

    [Fact]
    public void Never_throws_and_admits_nobody_on_text_of_any_characters()
    {
        var random = new Random(3492);
        for (var i = 0; i < 5_000; i++)
        {
            var noise = new StringBuilder();
            for (var left = random.Next(200); left > 0; left--)
            {
                noise.Append((char)random.Next(char.MaxValue + 1));
            }

            Assert.False(SpfRecord.TryParse(noise.ToString(), out _, out _));
            Agree("v=spf1 " + noise);
        }
    }

    private static string Mutated(Random random, string text)
    {
        var mutated = new StringBuilder(text);
        for (var left = random.Next(4); left > 0 && mutated.Length > 0; left--)
        {
            // The version is left alone most of the time: a text without it ends the comparison early.
            var at = random.Next(random.Next(8) == 0 ? 0 : Math.Min(6, mutated.Length - 1), mutated.Length);
            switch (random.Next(3))
            {
                case 0: mutated[at] = Alphabet[random.Next(Alphabet.Length)]; break;
                case 1: mutated.Insert(at, Alphabet[random.Next(Alphabet.Length)]); break;
                default: mutated.Remove(at, 1); break;
            }
        }

        return mutated.ToString();
    }

    private static bool Agree(string text)
    {
        var expected = SpfOracle.Networks(text);
        var parsed = SpfRecord.TryParse(text, out var record, out var mistake);

        Assert.True(parsed == expected is not null, $"{text}: {mistake ?? "taken, the oracle refuses it"}");
        Assert.True(expected is null || expected.SequenceEqual(record!.Terms.Where(static term => term.Include is null).Select(static term => (term.Passes, term.Network))), text);
        return parsed;
    }
}
