using OriginGuard.Surroundings;
using OriginGuard.TestKit;
using OriginGuard.Tests.Ranges;
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

    /// <summary>A factory of a test may hand out one client for every name, which the application uses, too.</summary>
    [Fact]
    public async Task A_client_that_the_application_uses_itself_is_left_to_it()
    {
        using var handler = new BlockingHandler();
        handler.LetGo();
        using var shared = new HttpClient(handler, disposeHandler: false);
        var client = new HttpDocumentClient(new SharedClient(shared), "keys", 4096, new ManualTimeProvider());

        Assert.Equal("{}"u8.ToArray(), (await client.GetAsync(Document, TestContext.Current.CancellationToken)).Body.ToArray());
        Assert.Equal("{}", await shared.GetStringAsync(Document, TestContext.Current.CancellationToken));
    }

    /// <summary>A timer that runs into an exception ends the process, and who stops a guard wants to hear of none.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handler_may_throw_when_it_is_told_to_give_up(bool isStopped)
    {
        var clock = new ManualTimeProvider();
        using var handler = new TokenHandler(static () => throw new InvalidOperationException("not now"));
        using var stop = new CancellationTokenSource();
        var asking = new HttpDocumentClient(handler, "keys", 4096, clock).GetAsync(Document, stop.Token);
        await handler.WhenAskedAsync();

        if (isStopped)
        {
            Assert.Null(Record.Exception(stop.Cancel));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        }
        else
        {
            clock.Advance(HttpDocumentClient.Timeout);
            Assert.Equal("no answer within 5 s", (await asking).Error);
        }

        Assert.Empty(clock.ArmedTimers);
    }

    [Fact]
    public async Task A_handler_that_blocks_when_it_is_told_to_give_up_holds_the_try_for_a_second()
    {
        var clock = new ManualTimeProvider();
        var (hangs, never) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new ManualResetEventSlim());
        using var handler = new TokenHandler(() =>
        {
            hangs.SetResult();
            never.Wait(TimeSpan.FromMinutes(1)); // longer than anybody here waits
        });
        var asking = new HttpDocumentClient(handler, "keys", 4096, clock).GetAsync(Document, TestContext.Current.CancellationToken);
        await handler.WhenAskedAsync();
        clock.Advance(HttpDocumentClient.Timeout);
        await hangs.Task;
        await SupplyScene.UntilAsync(() => clock.ArmedTimers is [{ TotalSeconds: 1 }]);

        Assert.False(asking.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("no answer within 5 s", (await asking).Error);
        never.Set();
    }

    /// <summary>Never answers, and hangs something on its token.</summary>
    private sealed class TokenHandler(Action whenTold) : HttpMessageHandler, IHttpClientFactory
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task WhenAskedAsync() => _asked.Task;

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            cancellationToken.Register(whenTold);
            _asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException("told without an end");
        }
    }

    private sealed class SharedClient(HttpClient client) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => client;
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
