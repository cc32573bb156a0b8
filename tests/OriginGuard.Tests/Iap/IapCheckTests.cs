using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OriginGuard.Checks;
using OriginGuard.Iap;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Iap;

public sealed class IapCheckTests
{
    private const string Email = "x-goog-authenticated-user-email";
    private const string Id = "x-goog-authenticated-user-id";

    [Fact]
    public async Task Admits_a_valid_assertion_and_finds_the_user_without_touching_the_request()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var (context, findings) = (Request(world.Issuer.Issue(IapWorld.Audience)), new OriginFindings());

        Assert.Equal(OriginVerdict.Admitted, await new IapCheck(world.Verifier).CheckAsync(context, findings));

        Assert.Equal("ada@example.com", findings.User?.Identity?.Name);
        Assert.Empty(context.User.Claims); // the middleware does that, when every layer has admitted
        Assert.Equal("accounts.google.com:eve@example.com", context.Request.Headers[Email]);
    }

    [Theory]
    [InlineData(IapAssertionKind.FutureIssue)]
    [InlineData(IapAssertionKind.PastExpiration)]
    [InlineData(IapAssertionKind.Issuer)]
    [InlineData(IapAssertionKind.Audience)]
    [InlineData(IapAssertionKind.Signature)]
    public async Task Removes_the_unsigned_headers_when_the_assertion_is_not_valid(IapAssertionKind kind)
    {
        await using var world = await IapWorld.WithKeysAsync();
        var (context, findings) = (Request(world.Issuer.Issue(IapWorld.Audience, kind: kind)), new OriginFindings());

        var verdict = await new IapCheck(world.Verifier).CheckAsync(context, findings);

        Assert.Equal(OriginOutcome.Refused, verdict.Outcome);
        AssertNobody(context, findings);
    }

    [Fact]
    public async Task Refuses_a_request_that_has_only_the_unsigned_headers()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var (context, findings) = (Request(), new OriginFindings());

        Assert.Equal("refused (iap.missing)", (await new IapCheck(world.Verifier).CheckAsync(context, findings)).ToString());

        AssertNobody(context, findings);
    }

    [Fact]
    public async Task Cannot_tell_without_keys_and_removes_the_unsigned_headers_then_too()
    {
        await using var world = new IapWorld();
        world.Keys.AlwaysAnswer("", System.Net.HttpStatusCode.BadGateway);
        await world.ApplyAsync();
        var (context, findings) = (Request(world.Issuer.Issue(IapWorld.Audience)), new OriginFindings());

        Assert.Equal("undetermined (iap.keys_unavailable)", (await new IapCheck(world.Verifier).CheckAsync(context, findings)).ToString());

        AssertNobody(context, findings);
    }

    [Fact]
    public async Task Refuses_two_header_lines_even_when_both_are_valid()
    {
        await using var world = await IapWorld.WithKeysAsync();
        var token = world.Issuer.Issue(IapWorld.Audience);

        var verdict = await new IapCheck(world.Verifier).CheckAsync(Request(token, token), new OriginFindings());

        Assert.Equal(RefusalReason.IapMultiple, verdict.Reason);
    }

    [Fact]
    public async Task Logs_at_debug_what_was_expected_and_what_came_and_never_a_token()
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
            await check.CheckAsync(Request(token), new OriginFindings());
        }

        var entries = world.Logs.Entries.Where(entry => entry.Id.Id >= 4510).ToArray();
        Assert.Equal(8, entries.Count(entry => entry.Id.Id == 4510));
        Assert.All(entries, entry => Assert.Equal(LogLevel.Debug, entry.Level));
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
    public void Is_the_last_layer() => Assert.Equal(GuardLayer.Iap, new IapCheck(new IapVerifier(null!, null!, null!)).Layer);

    private static DefaultHttpContext Request(params string[] assertions)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[Email] = "accounts.google.com:eve@example.com";
        context.Request.Headers[Id] = "accounts.google.com:666";
        if (assertions.Length > 0)
        {
            context.Request.Headers["X-Goog-IAP-JWT-Assertion"] = assertions;
        }

        return context;
    }

    private static void AssertNobody(DefaultHttpContext context, OriginFindings findings)
    {
        Assert.Null(findings.User);
        Assert.False(context.Request.Headers.ContainsKey(Email));
        Assert.False(context.Request.Headers.ContainsKey(Id));
    }
}
