using Microsoft.Extensions.Primitives;
using OriginGuard.Checks;
using OriginGuard.SharedSecret;
using Xunit;

namespace OriginGuard.Tests.SharedSecret;

public sealed class SharedSecretCheckTests
{
    private const string Current = "the-new-secret-0000";
    private const string Former = "the-old-secret-0000";

    [Theory]
    [InlineData(new[] { Current }, RefusalReason.None, 0)]
    [InlineData(new[] { Former }, RefusalReason.None, 1)]
    [InlineData(new[] { $" \t{Former}\t " }, RefusalReason.None, 1)]
    [InlineData(new string[0], RefusalReason.SecretMissing, null)]
    [InlineData(new[] { "" }, RefusalReason.SecretMissing, null)]
    [InlineData(new[] { " \t" }, RefusalReason.SecretMissing, null)]
    [InlineData(new[] { "the-new-secret-0001" }, RefusalReason.SecretMismatch, null)]
    [InlineData(new[] { $"\v{Current}" }, RefusalReason.SecretMismatch, null)]
    [InlineData(new[] { Current, Current }, RefusalReason.SecretMultiple, null)]
    [InlineData(new[] { "", "" }, RefusalReason.SecretMultiple, null)]
    [InlineData(new[] { $"{Current},{Current}" }, RefusalReason.SecretMultiple, null)]
    [InlineData(new[] { $"{Current}," }, RefusalReason.SecretMultiple, null)]
    [InlineData(new[] { "," }, RefusalReason.SecretMultiple, null)]
    public void Exactly_one_line_with_one_right_value_passes(string[] lines, RefusalReason reason, int? slot)
    {
        var secrets = new PlannedSecrets(new SharedSecretOptions());
        secrets.Take([Current, Former], default);
        var found = new OriginFindings { Secret = new StringValues(lines) };

        Assert.Equal(reason, new SharedSecretCheck(secrets).Check(found).Reason);
        Assert.Equal(slot, found.SecretSlot);
    }

    /// <summary>It waits for a key of IAP, and a new secret comes into force in front of the one that it came with.</summary>
    [Fact]
    public void A_request_counts_for_the_secret_that_it_came_with_also_where_another_has_taken_its_place()
    {
        var secrets = new PlannedSecrets(new SharedSecretOptions());
        secrets.Take([Former], default);
        var found = new OriginFindings { Secret = Former };
        Assert.True(new SharedSecretCheck(secrets).Check(found).IsAllowed);
        var ring = secrets.Ring;

        secrets.Take([Current, Former], default);
        found.SlotCounts?.CountMatch(found.SecretSlot ?? -1);

        Assert.Equal((1, 0, 0), (ring.MatchesOf(0), secrets.Ring.MatchesOf(0), secrets.Ring.MatchesOf(1)));
    }
}
