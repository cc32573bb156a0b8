using Microsoft.Extensions.Logging;
using OriginGuard.Dns;
using OriginGuard.Testing;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Dns;

/// <summary>A resolver, the servers that it asks over real sockets, and a clock that only the test moves.</summary>
internal sealed class ResolverScene : IAsyncDisposable
{
    public const string Name = "_cloud-eoips.googleusercontent.com";
    public const string Text = "v=spf1 ip4:34.96.0.0/20 ip4:34.127.192.0/18 ~all";

    // Time is the test's own, so a resolver that waits in vain would wait for ever. This ends the test instead, in failure.
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public ResolverScene(int servers = 1, bool overTcp = true)
    {
        Servers = [.. Enumerable.Range(0, servers).Select(_ => overTcp ? LoopbackDnsServer.Start() : LoopbackDnsServer.StartUdpOnly())];
        foreach (var server in Servers)
        {
            server.SetTxt(Name, Text);
        }

        Options = new DnsOptions { Servers = [.. Servers.Select(server => server.EndPoint.ToString())] };
        Resolver = new StubResolver(() => Options, Clock, () => CreateHttpClient(), new Logger<StubResolver>(Log));
    }

    public IReadOnlyList<LoopbackDnsServer> Servers { get; }

    public LoopbackDnsServer Server => Servers[0];

    public DnsOptions Options { get; }

    public ManualTimeProvider Clock { get; } = new();

    public LogRecorder Log { get; } = new();

    public Func<HttpClient> CreateHttpClient { get; set; } = HttpsTransport.CreateClient;

    public ITxtResolver Resolver { get; }

    public Task<TxtAnswer> ResolveAsync(string name = Name, CancellationToken? stopping = null) =>
        Resolver.ResolveTxtAsync(name, stopping ?? TestContext.Current.CancellationToken).AsTask()
            .WaitAsync(Limit, TimeProvider.System, TestContext.Current.CancellationToken);

    /// <summary>Resolves while half of the time of an attempt runs out as soon as a question has been asked: the first half is that of TCP.</summary>
    public async Task<TxtAnswer> ResolveAndTimeOutAsync(int questions)
    {
        var resolving = ResolveAsync();
        for (var question = 1; question <= questions; question++)
        {
            await WaitForQuestionsAsync(question);
            Clock.Advance(Options.Timeout / 2);
        }

        return await resolving;
    }

    public Task WaitForQuestionsAsync(int count) => UntilAsync(() => Servers.Sum(server => server.QueryCount) >= count);

    public static async Task UntilAsync(Func<bool> reached)
    {
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        while (!reached())
        {
            limit.Token.ThrowIfCancellationRequested();
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in Servers)
        {
            await server.DisposeAsync();
        }
    }
}
