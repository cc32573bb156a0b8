using OriginGuard.Checks;
using Xunit;

namespace OriginGuard.Tests.Checks;

public sealed class OriginVerdictTests
{
    [Fact]
    public void A_verdict_that_nobody_set_lets_nothing_in()
    {
        Assert.Equal((OriginOutcome.Undetermined, false, null, "undetermined"), Parts(default));
        Assert.Equal((OriginOutcome.Admitted, true, null, "admitted"), Parts(OriginVerdict.Admitted));
        Assert.Equal((OriginOutcome.Exempted, true, null, "exempted"), Parts(OriginVerdict.Exempted));
    }

    [Theory]
    [InlineData(RefusalReason.AddressRangesUnavailable, "undetermined (address.ranges_unavailable)")]
    [InlineData(RefusalReason.IapKeysUnavailable, "undetermined (iap.keys_unavailable)")]
    [InlineData(RefusalReason.SecretMissing, "refused (secret.missing)")]
    [InlineData(RefusalReason.AddressForwardedForInvalid, "refused (address.forwarded_for_invalid)")]
    public void Only_what_cannot_be_told_is_undetermined(RefusalReason reason, string text)
    {
        var verdict = OriginVerdict.Because(reason);

        Assert.Equal((text, false, reason.ToCode()), (verdict.ToString(), verdict.IsAllowed, verdict.Code));
    }

    [Theory]
    [InlineData("None", "none")]
    [InlineData("SecretMissing", "secret.missing")]
    [InlineData("IapIssuedInFuture", "iap.issued_in_future")]
    public void A_code_is_the_layer_a_dot_and_the_rest_in_words(string name, string code) => Assert.Equal(code, OutcomeNames.CodeOf(name));

    [Fact]
    public void Each_reason_has_a_section_of_the_page_under_its_code()
    {
        Assert.EndsWith("/troubleshooting.md#address-forwarded-for-invalid", Pages.Of(RefusalReason.AddressForwardedForInvalid), StringComparison.Ordinal);
        Assert.Equal("docs/troubleshooting.md#requests-that-are-not-admitted", Pages.NotAdmitted);
        Assert.False(Pages.IsAddress);
        Assert.Equal("none", RefusalReason.None.ToCode());
    }

    private static (OriginOutcome Outcome, bool IsAllowed, string? Code, string Text) Parts(OriginVerdict verdict) =>
        (verdict.Outcome, verdict.IsAllowed, verdict.Code, verdict.ToString());
}
