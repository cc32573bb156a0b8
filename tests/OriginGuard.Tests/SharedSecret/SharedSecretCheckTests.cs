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
}
