using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OriginGuard.Checks;
using Xunit;

namespace OriginGuard.Tests.Checks;

public sealed class SmuggledHeadersCheckTests
{
    private const string Secret = "X-Origin-Guard";

    private static readonly HeaderWalk Walk = new(Secret, "X-Goog-IAP-JWT-Assertion");

    private readonly SmuggledHeadersCheck _check = new([Secret, HeaderWalk.ForwardedFor], Walk);

    [Theory]
    [InlineData("close", "keep-alive, X-Origin-Guard")]
    [InlineData("X-Origin-Guard")]
    [InlineData("close,\tx_origin_guard ,upgrade")]
    [InlineData("X-FORWARDED-FOR")]
    public async Task A_guarded_header_that_the_next_hop_is_asked_to_drop_is_smuggled(params string[] connection) =>
        Assert.Equal(RefusalReason.HeadersSmuggled, await CheckAsync(new OriginFindings { Connection = new StringValues(connection) }));

    [Theory]
    [InlineData]
    [InlineData("close")]
    [InlineData("keep-alive, Upgrade")]
    [InlineData("X-Origin-Guards")]
    [InlineData("X-Goog-IAP-JWT-Assertion")] // not guarded here
    [InlineData("")]
    [InlineData("\vX-Origin-Guard")] // no blank of HTTP's
    public async Task Other_options_of_a_connection_are_not(params string[] connection) =>
        Assert.Equal(RefusalReason.None, await CheckAsync(new OriginFindings { Connection = new StringValues(connection) }));

    [Theory]
    [InlineData(Secret, RefusalReason.HeadersSmuggled)]
    [InlineData(HeaderWalk.ForwardedFor, RefusalReason.HeadersSmuggled)]
    [InlineData("X-Goog-IAP-JWT-Assertion", RefusalReason.None)]
    public async Task A_look_alike_is_smuggled_where_its_original_is_guarded(string original, RefusalReason reason) =>
        Assert.Equal(reason, await CheckAsync(new OriginFindings { LookAlikes = Walk.BitOf(original) }));

    private async Task<RefusalReason> CheckAsync(OriginFindings found) => (await _check.CheckAsync(new DefaultHttpContext(), found)).Reason;
}
