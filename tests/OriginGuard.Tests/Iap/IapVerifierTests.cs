using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Primitives;
using OriginGuard.Iap;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Iap;

public sealed class IapVerifierTests
{
    [Theory]
    [InlineData(IapAssertionKind.NotSet, RefusalReason.None)]
    [InlineData(IapAssertionKind.FutureIssue, RefusalReason.IapIssuedInFuture)]
    [InlineData(IapAssertionKind.PastExpiration, RefusalReason.IapExpired)]
    [InlineData(IapAssertionKind.Issuer, RefusalReason.IapIssuer)]
    [InlineData(IapAssertionKind.Audience, RefusalReason.IapAudience)]
    [InlineData(IapAssertionKind.Signature, RefusalReason.IapSignature)]
    public async Task Tells_the_six_kinds_of_the_secure_token_test_apart(IapAssertionKind kind, RefusalReason expected)
    {
        await using var world = await IapWorld.WithKeysAsync();

        Assert.Equal(expected, await world.ReasonAsync(world.Issuer.Issue(IapWorld.Audience, kind: kind)));
    }

    /// <summary>Before signature and issuer are known to be right, nothing that an assertion says is believed; its audience is no exception.</summary>
    [Theory]
    [InlineData(IapAssertionKind.NotSet, true)]
    [InlineData(IapAssertionKind.Audience, true)]
    [InlineData(IapAssertionKind.PastExpiration, true)]
    [InlineData(IapAssertionKind.Issuer, false)]
    [InlineData(IapAssertionKind.Signature, false)]
    public async Task The_audience_is_known_once_signature_and_issuer_are_right(IapAssertionKind kind, bool isKnown)
    {
        await using var world = await IapWorld.WithKeysAsync();

        var result = await world.Verifier.VerifyAsync(new StringValues(world.Issuer.Issue(IapWorld.Audience, kind: kind)));

        Assert.Equal(isKnown, result.SignedAudience is not null);
    }

    [Theory]
    [InlineData(null, "/projects/1/apps/a")]
    [InlineData("7", "/projects/1/apps/a or any resource of project 7")]
    public void Says_which_audience_was_expected(string? project, string expected) =>
        Assert.Equal(expected, new IapPolicy(new IapOptions { Audiences = ["/projects/1/apps/a"], ProjectNumber = project }).DescribeAudiences());

    [Fact]
    public async Task Refuses_what_is_not_exactly_one_header_line()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var token = world.Issuer.Issue(IapWorld.Audience);

        Assert.Equal(RefusalReason.IapMissing, (await world.Verifier.VerifyAsync(StringValues.Empty)).Reason);
        Assert.Equal(RefusalReason.IapMissing, (await world.Verifier.VerifyAsync(new StringValues(""))).Reason);
        Assert.Equal(RefusalReason.IapMissing, (await world.Verifier.VerifyAsync(new StringValues([null]))).Reason);
        Assert.Equal(RefusalReason.IapMultiple, (await world.Verifier.VerifyAsync(new StringValues([token, token]))).Reason);
        Assert.Equal(RefusalReason.IapMultiple, (await world.Verifier.VerifyAsync(new StringValues(["", ""]))).Reason);
        Assert.Equal(RefusalReason.IapMultiple, (await world.Verifier.VerifyAsync(new StringValues($"{token},{token}"))).Reason);
        Assert.Equal(RefusalReason.IapMultiple, (await world.Verifier.VerifyAsync(new StringValues($"{token},"))).Reason);
        Assert.NotNull((await world.Verifier.VerifyAsync(new StringValues(token))).User);
    }

    [Theory]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("HS256")]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("es256")]
    [InlineData("ES256 ")]
    [InlineData("")]
    public async Task Accepts_one_algorithm_whatever_the_signature(string algorithm)
    {
        await using var world = await IapWorld.WithKeysAsync();

        Assert.Equal(RefusalReason.IapAlgorithm, await world.ReasonAsync(world.Issuer.Sign(world.Claims(), world.Header(algorithm))));
    }

    [Fact]
    public async Task Does_not_take_the_public_key_for_a_shared_one_nor_an_empty_signature_for_none()
    {
        await using var world = await IapWorld.WithKeysAsync();

        foreach (var forged in Forgeries.OfAlgorithm(world))
        {
            Assert.Equal(RefusalReason.IapAlgorithm, await world.ReasonAsync(forged));
        }
    }

    [Fact]
    public async Task Looks_at_no_key_that_a_token_brings_along_or_points_to()
    {
        await using var world = await IapWorld.WithKeysAsync();
        using var stranger = new IapAssertionIssuer(world.Time);
        var key = System.Text.Json.Nodes.JsonNode.Parse(stranger.KeySet)!["keys"]![0]!.ToJsonString();
        string[] members =
        [
            $",\"jwk\":{key}", ",\"jku\":\"https://keys.example/\"", ",\"x5u\":\"https://keys.example/\"", ",\"x5c\":[\"MIIB\"]", $",\"jku\":{key}",
        ];

        foreach (var member in members)
        {
            Assert.Equal(RefusalReason.IapSignature, await world.ReasonAsync(stranger.Sign(world.Claims(), world.Header(more: member))));
            Assert.Equal(RefusalReason.IapUnknownKey, await world.ReasonAsync(stranger.Sign(world.Claims(), $$"""{"alg":"ES256","kid":"{{stranger.KeyId}}"{{member}}}""")));
            Assert.Equal(RefusalReason.None, await world.ReasonAsync(world.Issuer.Sign(world.Claims(), world.Header(more: member))));
            world.Time.Advance(TimeSpan.FromSeconds(30));
        }
    }

    [Theory]
    [InlineData("""{"alg":"ES256"}""")]
    [InlineData("""{"alg":"ES256","kid":null}""")]
    [InlineData("""{"alg":"ES256","kid":""}""")]
    [InlineData("""{"alg":"ES256","kid":"another"}""")]
    [InlineData("""{"alg":"ES256","kid":"../../etc/passwd"}""")]
    public async Task Does_not_try_its_keys_one_after_the_other(string header)
    {
        await using var world = await IapWorld.WithKeysAsync();
        world.Time.Advance(TimeSpan.FromSeconds(1)); // the cool-down: nothing to wait for

        Assert.Equal(RefusalReason.IapUnknownKey, await world.ReasonAsync(world.Issuer.Sign(world.Claims(), header)));
    }

    [Fact]
    public async Task Gives_the_first_reason_in_a_fixed_order()
    {
        await using var world = await IapWorld.WithKeysAsync();
        using var stranger = new IapAssertionIssuer(world.Time);
        var allWrong = world.Claims("\"x\"", "\"x\"", $"{world.Now - 100}", $"{world.Now + 100}", "\"\"");

        Assert.Equal(RefusalReason.IapMalformed, await world.ReasonAsync(world.Issuer.Sign("{", """{"alg":"none"}""")));
        Assert.Equal(RefusalReason.IapAlgorithm, await world.ReasonAsync(stranger.Sign(allWrong, """{"alg":"none","kid":"x"}""")));
        Assert.Equal(RefusalReason.IapUnknownKey, await world.ReasonAsync(stranger.Sign(allWrong)));
        Assert.Equal(RefusalReason.IapSignature, await world.ReasonAsync(stranger.Sign(allWrong, world.Header())));
        Assert.Equal(RefusalReason.IapIssuer, await world.ReasonAsync(world.Issuer.Sign(allWrong)));
        Assert.Equal(RefusalReason.IapAudience, await world.ReasonAsync(world.Issuer.Sign(world.Claims(null, "\"x\"", $"{world.Now - 100}", $"{world.Now + 100}", "\"\""))));
        Assert.Equal(RefusalReason.IapExpired, await world.ReasonAsync(world.Issuer.Sign(world.Claims(null, null, $"{world.Now - 100}", $"{world.Now + 100}", "\"\""))));
        Assert.Equal(RefusalReason.IapIssuedInFuture, await world.ReasonAsync(world.Issuer.Sign(world.Claims(null, null, $"{world.Now + 9999}", $"{world.Now + 100}", "\"\""))));
        Assert.Equal(RefusalReason.IapLifetime, await world.ReasonAsync(world.Issuer.Sign(world.Claims(null, null, $"{world.Now + 9999}", null, "\"\""))));
        Assert.Equal(RefusalReason.IapSubject, await world.ReasonAsync(world.Issuer.Sign(world.Claims(null, null, null, null, "\"\""))));
    }

    [Fact]
    public async Task Cannot_tell_before_options_are_in_force()
    {
        await using var world = new IapWorld();

        Assert.Equal(RefusalReason.IapKeysUnavailable, await world.ReasonAsync(world.Issuer.Issue(IapWorld.Audience)));
        Assert.Equal(default, world.Verifier.KeyStatus);
        using var metrics = new MetricRecorder(world.Meters);
        metrics.Observe();
        Assert.Empty(metrics.Measurements); // a number of no keys would be a reason for an alarm
    }

    [Fact]
    public async Task Gives_its_keys_back_once_and_only_the_last_one_who_does_ends_their_fetching()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var other = new IapVerifier(world.Sources, world.Time, NullLogger<IapVerifier>.Instance);
        other.Release();
        other.Apply(world.Options);

        world.Verifier.Release();
        world.Verifier.Release();
        await world.SleepOverAsync();
        Assert.Equal(2, world.Keys.Fetches);

        other.Release();
        await IapWorld.UntilAsync(() => world.Time.ArmedTimers.Count == 0);
        Assert.Equal(RefusalReason.None, await world.ReasonAsync(world.Issuer.Issue(IapWorld.Audience)));
    }

    [Fact]
    public async Task Puts_changed_options_in_force()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var token = world.Issuer.Issue("/projects/5/apps/other");
        Assert.Equal(RefusalReason.IapAudience, await world.ReasonAsync(token));

        world.Verifier.Apply(new IapOptions { Audiences = ["/projects/5/apps/other"] });

        Assert.Equal(RefusalReason.None, await world.ReasonAsync(token));
        Assert.Equal(1, world.Keys.Fetches);
    }
}
