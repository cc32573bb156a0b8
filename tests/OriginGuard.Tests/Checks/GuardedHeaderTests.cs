using OriginGuard.Checks;
using Xunit;

namespace OriginGuard.Tests.Checks;

public sealed class GuardedHeaderTests
{
    [Theory]
    [InlineData("x-goog-", true)]
    [InlineData("X_Goog.", true)]
    [InlineData("x-goog-a", true)]
    [InlineData("x-goog", false)]
    [InlineData("", false)]
    [InlineData("a-x-goog-", false)]
    public void A_name_begins_like_another_in_whatever_spelling(string name, bool begins) => Assert.Equal(begins, GuardedHeader.StartsLike(name, "x-goog-"));
}
