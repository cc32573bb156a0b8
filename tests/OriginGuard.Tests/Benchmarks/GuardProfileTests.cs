using OriginGuard.Benchmarks.Profile;
using Xunit;

namespace OriginGuard.Tests.Benchmarks;

public sealed class GuardProfileTests
{
    private const string Server = "\t 4 instance void [Microsoft.AspNetCore.Server.Kestrel.Core] HttpProtocol::ProcessRequests()";
    private const string Middleware = "\t 3 instance class Task [OriginGuard] OriginGuard.RequestGuard::InvokeAsync(class HttpContext)";
    private const string Ring = "\t 2 instance valuetype Nullable`1<int32> [OriginGuard] OriginGuard.SharedSecret.SecretRing::Find(valuetype ReadOnlySpan`1<char>)";
    private const string Check = "\t 3 instance valuetype ValueTask`1 [OriginGuard] OriginGuard.Checks.SmuggledHeadersCheck::CheckAsync(class HttpContext)";
    private const string Primitive = "\t 1 bool [System.Security.Cryptography] CryptographicOperations::FixedTimeEquals(valuetype ReadOnlySpan`1<uint8>)";
    private const string Application = "\t 2 class Task [OriginGuard.Benchmarks] OriginGuard.Benchmarks.EndToEnd.OriginRole::AnswerAsync(class HttpContext)";

    [Fact]
    public void A_sample_belongs_to_the_deepest_part_that_it_fell_into()
    {
        var figures = Read([Primitive, Ring, Check, Middleware, Server], [Check, Middleware, Server], [Ring, Server]).Figures(900);

        Assert.Equal([("secret: compared", 2), ("disguised headers: judged", 1)], figures.Select(static figure => (figure.Part, figure.Samples)));
        Assert.Equal([600.0, 300.0], figures.Select(static figure => figure.Nanoseconds));
    }

    [Fact]
    public void What_runs_inside_of_the_guard_is_not_the_guard()
    {
        var profile = Read([Application, Middleware, Server], [Middleware, Server]);

        var figure = Assert.Single(profile.Figures(100));
        Assert.Equal((GuardProfile.Rest, 1, 1, 50.0), (figure.Part, figure.Samples, figure.OfSamples, figure.Nanoseconds));
    }

    [Fact]
    public void Server_and_kernel_count_as_a_whole_and_not_as_a_part()
    {
        var profile = Read([Server], ["\t ffffffff do_syscall_64", Server], [Primitive, Server]);

        Assert.Equal(3, profile.Count);
        Assert.Empty(profile.Figures(100));
    }

    [Fact]
    public void Nothing_sampled_is_no_profile() => Assert.Empty(GuardProfile.Read(["", "", " "]).Figures(100));

    private static GuardProfile Read(params string[][] stacks) => GuardProfile.Read(stacks.SelectMany(static stack => (string[])[.. stack, ""]));
}
