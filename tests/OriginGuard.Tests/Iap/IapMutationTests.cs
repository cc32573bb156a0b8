using Xunit;

namespace OriginGuard.Tests.Iap;

public sealed class IapMutationTests
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    [Fact]
    public async Task Admits_no_token_in_which_any_one_character_was_replaced()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var token = world.Issuer.Issue(IapWorld.Audience);
        var random = new Random(20260101);
        Assert.Equal(RefusalReason.None, await world.ReasonAsync(token));

        for (var i = 0; i < token.Length; i++)
        {
            foreach (var other in (char[])[Other(token[i], random), Other(token[i], random), '.', '=', (char)random.Next(0, 256), (char)random.Next(256, 65536)])
            {
                if (other != token[i])
                {
                    await AdmitsNotAsync(world, token[..i] + other + token[(i + 1)..], $"position {i}, U+{(int)other:X4}");
                }
            }
        }
    }

    [Fact]
    public async Task Admits_no_token_that_was_mutated_at_random()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var tokens = new[] { world.Issuer.Issue(IapWorld.Audience), world.Issuer.Issue(IapWorld.Audience) };
        for (var seed = 0; seed < 4000; seed++)
        {
            var random = new Random(seed);
            var token = tokens[seed % 2];
            var mutant = token;
            for (var steps = random.Next(1, 4); steps > 0; steps--)
            {
                mutant = Mutate(mutant, tokens[random.Next(2)], random);
            }

            if (!tokens.Contains(mutant))
            {
                await AdmitsNotAsync(world, mutant, $"seed {seed}");
            }
        }
    }

    private static string Mutate(string token, string other, Random random)
    {
        var at = random.Next(token.Length + 1);
        var length = random.Next(Math.Min(8, token.Length - at) + 1);
        switch (random.Next(6))
        {
            case 0:
                return token.Remove(at, length);
            case 1:
                return token.Insert(at, Alphabet[random.Next(64)].ToString());
            case 2:
                return token.Insert(at, token.Substring(at, length));
            case 3:
                return token[..at] + other[Math.Min(at, other.Length)..]; // two valid tokens, crossed
            case 4:
                var (parts, donors) = (token.Split('.'), other.Split('.'));
                parts[random.Next(parts.Length)] = donors[random.Next(donors.Length)];
                return string.Join('.', parts);
            default:
                return at == token.Length ? token : token[..at] + Other(token[at], random) + token[(at + 1)..];
        }
    }

    private static char Other(char character, Random random)
    {
        while (true)
        {
            var other = Alphabet[random.Next(64)];
            if (other != character)
            {
                return other;
            }
        }
    }

    private static async Task AdmitsNotAsync(IapWorld world, string mutant, string what)
    {
        var result = await world.Verifier.VerifyAsync(mutant);
        Assert.True(result.User is null && result.Reason is not RefusalReason.None, what);
    }
}
