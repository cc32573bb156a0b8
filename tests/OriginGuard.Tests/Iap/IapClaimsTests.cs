using Xunit;

namespace OriginGuard.Tests.Iap;

public sealed class IapClaimsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"https://cloud.google.com/iap/\"")]
    [InlineData("\"http://cloud.google.com/iap\"")]
    [InlineData("\"https://CLOUD.google.com/iap\"")]
    [InlineData("\"https://cloud.google.com/iap \"")]
    [InlineData("\"cloud.google.com/iap\"")]
    [InlineData("\"https://accounts.google.com\"")]
    public async Task Accepts_one_issuer(string issuer) => await RefusesAsync(RefusalReason.IapIssuer, world => world.Claims(issuer: issuer));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("1")]
    [InlineData("[\"/projects/123456789/global/backendServices/987654321\"]")]
    [InlineData("[\"/projects/123456789/global/backendServices/987654321\",\"x\"]")]
    [InlineData("\"/projects/123456789/global/backendServices/98765432\"")]
    [InlineData("\"/projects/123456789/global/backendServices/9876543210\"")]
    [InlineData("\"/projects/123456789/global/backendServices/987654321/\"")]
    [InlineData("\"/PROJECTS/123456789/global/backendServices/987654321\"")]
    [InlineData("\" /projects/123456789/global/backendServices/987654321\"")]
    [InlineData("\"/projects/123456789/global/backendServices/\\uFF19\\uFF1887654321\"")]
    public async Task Accepts_an_audience_that_is_one_text_and_exactly_one_of_those_configured(string audience) =>
        await RefusesAsync(RefusalReason.IapAudience, world => world.Claims(audience: audience));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("0")]
    public async Task Needs_an_expiry(string expires) => await RefusesAsync(RefusalReason.IapExpired, world => world.Claims(expires: expires));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("253402300799")]
    public async Task Needs_a_time_of_issue(string issuedAt) =>
        await RefusesAsync(RefusalReason.IapIssuedInFuture, world => world.Claims(issuedAt: issuedAt));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\" \"")]
    public async Task Needs_a_subject_unless_anonymous_users_are_allowed(string subject)
    {
        await RefusesAsync(RefusalReason.IapSubject, world => world.Claims(subject: subject));

        await using var open = await IapWorld.WithKeysAsync(options => options.AllowAnonymous = true);
        var result = await open.Verifier.VerifyAsync(open.Issuer.Sign(open.Claims(subject: subject)));
        Assert.NotNull(result.User);
        Assert.False(result.User.IsAuthenticated);
    }

    [Theory]
    [InlineData(-30, RefusalReason.None)]
    [InlineData(-31, RefusalReason.IapExpired)]
    public async Task Gives_an_expiry_thirty_seconds_and_no_more(int seconds, RefusalReason expected)
    {
        await using var world = await IapWorld.WithKeysAsync();

        Assert.Equal(expected, await world.ReasonAsync(world.Issuer.Sign(world.Claims(expires: $"{world.Now + seconds}", issuedAt: $"{world.Now - 600}"))));
    }

    [Theory]
    [InlineData(30, RefusalReason.None)]
    [InlineData(31, RefusalReason.IapIssuedInFuture)]
    public async Task Gives_a_time_of_issue_thirty_seconds_and_no_more(int seconds, RefusalReason expected)
    {
        await using var world = await IapWorld.WithKeysAsync();

        Assert.Equal(expected, await world.ReasonAsync(world.Issuer.Sign(world.Claims(issuedAt: $"{world.Now + seconds}"))));
        Assert.Equal(expected, await world.ReasonAsync(world.Issuer.Sign(world.Claims(more: $"\"nbf\":{world.Now + seconds}"))));
    }

    [Theory]
    [InlineData(660, RefusalReason.None)]
    [InlineData(661, RefusalReason.IapLifetime)]
    [InlineData(100_000, RefusalReason.IapLifetime)]
    [InlineData(0, RefusalReason.IapLifetime)]
    [InlineData(-10, RefusalReason.IapLifetime)]
    public async Task Caps_the_lifetime_at_ten_minutes_and_twice_the_skew(int lifetime, RefusalReason expected)
    {
        await using var world = await IapWorld.WithKeysAsync();

        Assert.Equal(expected, await world.ReasonAsync(world.Issuer.Sign(world.Claims(expires: $"{world.Now + lifetime}"))));
    }

    [Fact]
    public async Task Survives_times_at_the_end_of_the_calendar()
    {
        await using var world = await IapWorld.WithKeysAsync();

        Assert.Equal(RefusalReason.IapLifetime, await world.ReasonAsync(world.Issuer.Sign(world.Claims(expires: "253402300799"))));
        Assert.Equal(RefusalReason.IapLifetime, await world.ReasonAsync(world.Issuer.Sign(world.Claims(expires: "253402300799", issuedAt: "0"))));
        Assert.Equal(RefusalReason.IapIssuedInFuture, await world.ReasonAsync(world.Issuer.Sign(world.Claims(more: "\"nbf\":253402300799"))));
        Assert.Equal(RefusalReason.IapExpired, await world.ReasonAsync(world.Issuer.Sign(world.Claims(expires: "0", issuedAt: "253402300799"))));
    }

    [Fact]
    public async Task Takes_skew_and_lifetime_from_the_options()
    {
        await using var world = await IapWorld.WithKeysAsync(options =>
        {
            options.ClockSkew = TimeSpan.Zero;
            options.MaxTokenLifetime = TimeSpan.FromMinutes(1);
        });

        Assert.Equal(RefusalReason.None, await world.ReasonAsync(world.Issuer.Sign(world.Claims(expires: $"{world.Now + 60}"))));
        Assert.Equal(RefusalReason.IapLifetime, await world.ReasonAsync(world.Issuer.Sign(world.Claims(expires: $"{world.Now + 61}"))));
        Assert.Equal(RefusalReason.IapIssuedInFuture, await world.ReasonAsync(world.Issuer.Sign(world.Claims(expires: $"{world.Now + 60}", issuedAt: $"{world.Now + 1}"))));
        Assert.Equal(RefusalReason.IapExpired, await world.ReasonAsync(world.Issuer.Sign(world.Claims(expires: $"{world.Now - 1}", issuedAt: $"{world.Now - 60}"))));
    }

    [Fact]
    public async Task Stops_admitting_an_assertion_when_its_time_is_over()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var token = world.Issuer.Issue(IapWorld.Audience);

        world.Time.Advance(TimeSpan.FromSeconds(630));
        Assert.Equal(RefusalReason.None, await world.ReasonAsync(token));
        world.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(RefusalReason.IapExpired, await world.ReasonAsync(token));
    }

    private static async Task RefusesAsync(RefusalReason expected, Func<IapWorld, string> claims)
    {
        await using var world = await IapWorld.WithKeysAsync();

        Assert.Equal(RefusalReason.None, await world.ReasonAsync(world.Issuer.Sign(world.Claims())));
        Assert.Equal(expected, await world.ReasonAsync(world.Issuer.Sign(claims(world))));
    }
}
