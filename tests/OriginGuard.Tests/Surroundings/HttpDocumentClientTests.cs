using OriginGuard.Surroundings;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Surroundings;

/// <summary>A handler of the application's own that blocks its thread, as a proxy that is looked up or a token that is waited for does.</summary>
public sealed class HttpDocumentClientTests
{
    private static readonly Uri Document = new("https://keys.example/");

    [Fact]
    public async Task A_handler_that_blocks_holds_one_thread_and_no_try_longer_than_its_time()
    {
        var clock = new ManualTimeProvider();
        using var handler = new BlockingHandler();
        var client = new HttpDocumentClient(handler, "keys", 4096, clock);

        for (var i = 0; i < 3; i++)
        {
            var asking = client.GetAsync(Document, TestContext.Current.CancellationToken);
            await handler.WhenAskedAsync();
            for (var yields = 0; yields < 1000 && handler.Asked == 1; yields++)
            {
                await Task.Yield(); // whatever else would ask comes to its turn
            }

            clock.Advance(HttpDocumentClient.Timeout);
            Assert.Equal("no answer within 5 s", (await asking).Error);
        }

        Assert.Equal(1, handler.Asked);
        handler.LetGo();
        Assert.Equal("{}"u8.ToArray(), (await client.GetAsync(Document, TestContext.Current.CancellationToken)).Body.ToArray());
        Assert.Equal(2, handler.Asked);
    }

    private sealed class BlockingHandler : HttpMessageHandler, IHttpClientFactory
    {
        private readonly TaskCompletionSource _gate = new();
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        public int Asked => Volatile.Read(ref _count);

        public Task WhenAskedAsync() => _asked.Task;

        public void LetGo() => _gate.TrySetResult();

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            _asked.TrySetResult();
            Block();
            return Task.FromResult(new HttpResponseMessage { Content = new StringContent("{}") });
        }

        private void Block() => _gate.Task.Wait(CancellationToken.None);

        protected override void Dispose(bool disposing)
        {
            LetGo();
            base.Dispose(disposing);
        }
    }
}
