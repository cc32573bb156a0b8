using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OriginGuard.Checks;
using OriginGuard.Iap;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Iap;

public sealed class IapCheckTests
{
    [Fact]
    public async Task Admits_a_valid_assertion_and_finds_the_user_without_touching_the_request()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var (context, findings) = (new DefaultHttpContext(), Request(world.Issuer.Issue(IapWorld.Audience)));

        Assert.Equal(OriginVerdict.Admitted, await new IapCheck(world.Verifier).CheckAsync(context, findings));

        Assert.Equal("ada@example.com", findings.User?.Identity?.Name);
        Assert.Empty(context.User.Claims); // the guard does that, when every layer has admitted
    }

    [Theory]
    [InlineData(IapAssertionKind.FutureIssue)]
    [InlineData(IapAssertionKind.PastExpiration)]
    [InlineData(IapAssertionKind.Issuer)]
    [InlineData(IapAssertionKind.Audience)]
    [InlineData(IapAssertionKind.Signature)]
    public async Task Finds_nobody_by_an_assertion_that_is_not_valid(IapAssertionKind kind)
    {
        await using var world = await IapWorld.WithKeysAsync();
        var findings = Request(world.Issuer.Issue(IapWorld.Audience, kind: kind));

        var verdict = await new IapCheck(world.Verifier).CheckAsync(new DefaultHttpContext(), findings);

        Assert.Equal(OriginOutcome.Refused, verdict.Outcome);
        Assert.Null(findings.User);
    }

    [Fact]
    public async Task Refuses_a_request_without_an_assertion()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var findings = Request();

        Assert.Equal("refused (iap.missing)", (await new IapCheck(world.Verifier).CheckAsync(new DefaultHttpContext(), findings)).ToString());

        Assert.Null(findings.User);
    }

    [Fact]
    public async Task Cannot_tell_without_keys_and_finds_nobody()
    {
        await using var world = new IapWorld();
        world.Keys.AlwaysAnswer("", System.Net.HttpStatusCode.BadGateway);
        await world.ApplyAsync();
        var findings = Request(world.Issuer.Issue(IapWorld.Audience));

        Assert.Equal("undetermined (iap.keys_unavailable)", (await new IapCheck(world.Verifier).CheckAsync(new DefaultHttpContext(), findings)).ToString());

        Assert.Null(findings.User);
    }

    [Fact]
    public async Task Refuses_two_header_lines_even_when_both_are_valid()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var token = world.Issuer.Issue(IapWorld.Audience);

        var verdict = await new IapCheck(world.Verifier).CheckAsync(new DefaultHttpContext(), Request(token, token));

        Assert.Equal(RefusalReason.IapMultiple, verdict.Reason);
    }

    [Fact]
    public async Task Logs_what_was_expected_and_what_came_and_never_a_token()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var check = new IapCheck(world.Verifier);
        string[] tokens =
        [
            .. Enum.GetValues<IapAssertionKind>().Select(kind => world.Issuer.Issue(IapWorld.Audience, kind: kind)),
            world.Issuer.Sign("{}", """{"alg":"ES256","kid":"secret-looking"}"""),
            world.Issuer.Sign(world.Claims(audience: $"\"line\\r\\nfail: forged \\u001b[31m{new string('x', 3000)}\"")),
            "not.a.token",
        ];
        foreach (var token in tokens)
        {
            await check.CheckAsync(new DefaultHttpContext(), Request(token));
        }

        var entries = world.Logs.Entries.Where(entry => entry.Id.Id >= 4510).ToArray();
        Assert.Equal(8, entries.Count(entry => entry.Id.Id == 4510));
        Assert.All(entries, entry => Assert.Equal(entry.Id.Id == 4512 ? LogLevel.Warning : LogLevel.Debug, entry.Level));
        Assert.All(entries, entry => Assert.InRange(entry.Message.Length, 1, 500));
        Assert.All(entries, entry => Assert.DoesNotContain(entry.Message, char.IsControl));
        Assert.Contains(entries, entry => entry.Message.Contains("https://issuer.example; https://cloud.google.com/iap", StringComparison.Ordinal));
        Assert.Contains(entries, entry => entry.Message.Contains($"/projects/0/apps/another; accepted is {IapWorld.Audience}", StringComparison.Ordinal));
        Assert.Equal(2, entries.Count(entry => entry.Id.Id == 4513));
        foreach (var part in tokens.SelectMany(token => token.Split('.')).Where(part => part.Length > 5))
        {
            Assert.DoesNotContain(world.Logs.Entries, entry => entry.Message.Contains(part, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Names_an_unexpected_audience_aloud_once_and_not_more_than_sixteen_of_them()
    {
        await using var world = await IapWorld.WithKeysAsync();
        for (var round = 0; round < 2; round++)
        {
            for (var project = 1; project <= 40; project++)
            {
                await world.ReasonAsync(world.Issuer.Issue($"/projects/{project}/apps/theirs"));
            }
        }

        var entries = world.Logs.WithId(4512).ToArray();
        Assert.Equal(80, entries.Length);
        Assert.Equal(16, entries.Count(entry => entry.Level == LogLevel.Warning));
        Assert.Equal($"The IAP assertion is for the audience /projects/1/apps/theirs; accepted is {IapWorld.Audience}.", entries[0].Message);
        Assert.All(entries[..16], entry => Assert.Equal(LogLevel.Warning, entry.Level));
    }

    [Fact]
    public async Task Says_nothing_aloud_of_an_audience_that_nobody_has_signed()
    {
        await using var world = await IapWorld.WithKeysAsync();

        await world.ReasonAsync(world.Issuer.Issue("/projects/1/apps/theirs", kind: IapAssertionKind.Signature));

        Assert.Empty(world.Logs.WithId(4512));
    }

    [Fact]
    public void Is_the_last_layer() => Assert.Equal(GuardLayer.Iap, new IapCheck(new IapVerifier(null!, null!, null!)).Layer);

    private static OriginFindings Request(params string[] assertions) => new() { Assertion = assertions };
}
