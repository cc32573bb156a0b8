using OriginGuard.Surroundings;
using Xunit;

namespace OriginGuard.Tests.Surroundings;

public sealed class HttpReasonTests
{
    [Fact]
    public void Of_tls_it_says_what_lies_behind_and_of_all_else_the_message()
    {
        var untrusted = new InvalidOperationException("the chain is not trusted");

        Assert.Equal("SecureConnectionError: the chain is not trusted", HttpReason.Of(new HttpRequestException(HttpRequestError.SecureConnectionError, "see inner exception", untrusted)));
        Assert.Equal("no such host", HttpReason.Of(new HttpRequestException(HttpRequestError.NameResolutionError, "no such host", untrusted)));
        Assert.Equal("the pipe is broken", HttpReason.Of(new IOException("the pipe is broken", untrusted)));
    }
}
