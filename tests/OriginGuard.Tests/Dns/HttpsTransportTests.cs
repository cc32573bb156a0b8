using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OriginGuard.Dns;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Dns;

public sealed class HttpsTransportTests : IAsyncLifetime
{
    private readonly ResolverScene _scene = new();
    private HttpsDnsServer _server = null!; // set before each test, by InitializeAsync

    public async ValueTask InitializeAsync() => Use(await HttpsDnsServer.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _scene.DisposeAsync();
    }

    [Fact]
    public async Task Posts_the_question_over_HTTP_2_with_id_0()
    {
        var answer = await _scene.ResolveAsync();

        Assert.Equal([ResolverScene.Text], answer.Texts);
        Assert.Equal(TimeSpan.FromSeconds(300), answer.TimeToLive);
        var request = Assert.Single(_server.Requests);
        Assert.Equal(("HTTP/2", "POST"), (request.Protocol, request.Method));
        Assert.Equal(("application/dns-message", "application/dns-message"), (request.ContentType, request.Accept));
        Assert.Equal([0, 0], request.Query[..2]);
        Assert.Equal(0, _scene.Server.QueryCount);
    }

    [Fact]
    public async Task Speaks_HTTP_1_to_a_plain_server_that_knows_nothing_else()
    {
        await using var old = await HttpsDnsServer.StartAsync(HttpProtocols.Http1);
        _scene.Options.HttpsEndpoint = old.Endpoint;

        Assert.True((await _scene.ResolveAsync()).Succeeded);

        Assert.Equal("HTTP/1.1", Assert.Single(old.Requests).Protocol);
    }

    [Theory]
    [InlineData(HttpProtocols.Http1AndHttp2, "HTTP/2")]
    [InlineData(HttpProtocols.Http1, "HTTP/1.1")]
    public async Task Asks_over_TLS_with_the_best_version_that_both_know(HttpProtocols protocols, string expected)
    {
        using var certificate = new LoopbackCertificate();
        await using var tls = await HttpsDnsServer.StartAsync(protocols, certificate.Certificate);
        _scene.Options.HttpsEndpoint = new UriBuilder(tls.Endpoint) { Host = "localhost" }.Uri;
        _scene.CreateHttpClient = certificate.CreateTrustingClient;

        var answer = await _scene.ResolveAsync();

        Assert.Equal([ResolverScene.Text], answer.Texts);
        Assert.Equal(expected, Assert.Single(tls.Requests).Protocol);
    }

    [Fact]
    public async Task Does_not_ask_a_server_whose_certificate_is_not_trusted()
    {
        using var certificate = new LoopbackCertificate();
        await using var tls = await HttpsDnsServer.StartAsync(HttpProtocols.Http1AndHttp2, certificate.Certificate);
        _scene.Options.HttpsEndpoint = tls.Endpoint;

        var answer = await _scene.ResolveAsync();

        Assert.Equal(TxtError.Network, answer.Error);
        Assert.Contains("SecureConnectionError", answer.Detail, StringComparison.Ordinal);
        Assert.Empty(tls.Requests);
    }

    [Theory]
    [InlineData("a closed port", "ConnectionRefused", 3)]
    [InlineData("no such host", "NameResolutionError", 6)]
    [InlineData("a torn body", "IOException", 3)]
    public async Task Says_why_a_server_cannot_be_reached(string what, string reason, int requests)
    {
        using var handler = new FailingHandler(what switch
        {
            "a closed port" => new HttpRequestException(HttpRequestError.ConnectionError, "x", new SocketException((int)SocketError.ConnectionRefused)),
            "no such host" => new HttpRequestException(HttpRequestError.NameResolutionError, "x"),
            _ => new IOException("x"),
        });
        _scene.CreateHttpClient = () => new HttpClient(handler, disposeHandler: false);

        var answer = await _scene.ResolveAsync();

        Assert.Equal((TxtError.Network, $"{Server} cannot be reached ({reason})"), (answer.Error, answer.Detail));
        Assert.Equal(requests, handler.Requests);
    }

    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(204)]
    public async Task Takes_every_other_status_than_200_for_a_failure(int status)
    {
        _server.Respond = async (context, query) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            if (status != 204)
            {
                await HttpsDnsServer.AnswerAsync(context, query);
            }
        };

        var answer = await _scene.ResolveAsync();

        Assert.Equal(TxtError.ServerFailure, answer.Error);
        Assert.Contains($"HTTP status {status}", answer.Detail, StringComparison.Ordinal);
        Assert.Equal(3, _server.Requests.Count);
    }

    [Fact]
    public async Task Refuses_an_answer_from_elsewhere_even_if_the_client_followed_a_redirect()
    {
        _server.Respond = (context, query) =>
        {
            if (context.Request.Path == "/elsewhere")
            {
                return HttpsDnsServer.AnswerAsync(context, query);
            }

            context.Response.Redirect("/elsewhere", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };
        _scene.CreateHttpClient = static () => new HttpClient();

        var answer = await _scene.ResolveAsync();

        Assert.Equal((TxtError.Malformed, $"{Server} redirected the question elsewhere"), (answer.Error, answer.Detail));
    }

    [Theory]
    [InlineData("text/html", null)]
    [InlineData("application/dns-json", null)]
    [InlineData(null, null)]
    [InlineData("application/dns-message", "gzip")]
    public async Task Reads_nothing_but_a_plain_DNS_message(string? type, string? encoding)
    {
        _server.Respond = async (context, query) =>
        {
            context.Response.ContentType = type;
            context.Response.Headers.ContentEncoding = encoding;
            await context.Response.Body.WriteAsync(HttpsDnsServer.Answer(query).ToArray());
        };

        var answer = await _scene.ResolveAsync();

        Assert.Equal((TxtError.Malformed, $"{Server} answered with something else than application/dns-message"), (answer.Error, answer.Detail));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reads_a_message_as_long_as_one_can_be(bool announced)
    {
        _server.Respond = async (context, query) =>
        {
            var message = HttpsDnsServer.Answer(query);
            message.Octets(new byte[65_535 - message.Position]);
            context.Response.ContentType = "application/dns-message";
            context.Response.ContentLength = announced ? message.Position : null;
            await context.Response.Body.WriteAsync(message.ToArray());
        };

        Assert.Equal([ResolverScene.Text], (await _scene.ResolveAsync()).Texts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stops_reading_where_a_message_must_end(bool announced)
    {
        _scene.Options.Attempts = 1;
        _server.Respond = async (context, query) =>
        {
            var message = HttpsDnsServer.Answer(query).Octets(new byte[65_536]).ToArray();
            context.Response.ContentType = "application/dns-message";
            context.Response.ContentLength = announced ? message.Length : null;
            await context.Response.Body.WriteAsync(message, context.RequestAborted);
        };

        var answer = await _scene.ResolveAsync();

        Assert.Equal((TxtError.Malformed, $"{Server} answered with more than a DNS message can hold"), (answer.Error, answer.Detail));
    }

    [Fact]
    public async Task Does_not_believe_what_does_not_answer_the_question()
    {
        Func<byte[], byte[]>[] wrong =
        [
            query => new AnswerMessage(id: 1).Octets(query[12..^11]).Pointer(12).Txt(300, "x").ToArray(),
            query => new AnswerMessage().Question("b.test").Pointer(12).Txt(300, "x").ToArray(),
            query => query,
            _ => [],
            _ => [1, 2, 3],
        ];

        foreach (var make in wrong)
        {
            _server.Respond = (context, query) => HttpsDnsServer.SendAsync(context, make(query));
            var answer = await _scene.ResolveAsync();
            Assert.Equal((TxtError.Malformed, $"{Server} answered, and not to the question"), (answer.Error, answer.Detail));
        }
    }

    [Fact]
    public async Task Takes_the_age_of_a_cached_answer_off_its_TTL()
    {
        _server.Respond = (context, query) =>
        {
            context.Response.Headers.Age = "120";
            return HttpsDnsServer.AnswerAsync(context, query);
        };
        Assert.Equal(TimeSpan.FromSeconds(180), (await _scene.ResolveAsync()).TimeToLive);

        _server.Respond = (context, query) =>
        {
            context.Response.Headers.Age = "301";
            return HttpsDnsServer.AnswerAsync(context, query);
        };
        Assert.Equal(TimeSpan.Zero, (await _scene.ResolveAsync()).TimeToLive);
    }

    [Fact]
    public async Task The_age_of_a_cached_failure_changes_nothing_of_it()
    {
        _server.Respond = (context, query) =>
        {
            context.Response.Headers.Age = "120";
            return HttpsDnsServer.SendAsync(context, new AnswerMessage(flags: 0x8183, answers: 0).Octets(query[12..^11]).ToArray());
        };

        var answer = await _scene.ResolveAsync();

        Assert.Equal(TxtError.NameError, answer.Error);
        Assert.Contains("NXDOMAIN", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sends_nothing_back_and_asks_for_no_compression()
    {
        List<IHeaderDictionary> requests = [];
        _server.Respond = (context, _) =>
        {
            requests.Add(new HeaderDictionary(context.Request.Headers.ToDictionary(static header => header.Key, static header => header.Value)));
            context.Response.Headers.SetCookie = "session=4711";
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };

        await _scene.ResolveAsync();

        Assert.Equal(3, requests.Count);
        Assert.All(requests, static headers => Assert.Equal((0, 0), (headers.Cookie.Count, headers.AcceptEncoding.Count)));
    }

    [Theory]
    [InlineData(15, true)]
    [InlineData(17, false)]
    public async Task Reads_no_more_than_16_KiB_of_headers(int kibibytes, bool isRead)
    {
        await using var old = await HttpsDnsServer.StartAsync(HttpProtocols.Http1);
        _scene.Options.HttpsEndpoint = old.Endpoint;
        old.Respond = (context, query) =>
        {
            for (var i = 0; i < kibibytes; i++)
            {
                context.Response.Headers[$"x-filler-{i}"] = new string('x', 1000);
            }

            return HttpsDnsServer.AnswerAsync(context, query);
        };

        var answer = await _scene.ResolveAsync();

        Assert.True(answer.Error == (isRead ? TxtError.None : TxtError.Network), answer.ToString());
    }

    [Fact]
    public void The_time_of_an_attempt_is_not_the_clients()
    {
        using var client = HttpsTransport.CreateClient();

        Assert.Equal(Timeout.InfiniteTimeSpan, client.Timeout);
    }

    [Fact]
    public async Task Asks_again_without_EDNS_when_the_server_stumbles_over_it()
    {
        _server.Respond = (context, query) => query[11] == 1
            ? HttpsDnsServer.SendAsync(context, new AnswerMessage(flags: 0x8181, questions: 0, answers: 0).ToArray())
            : HttpsDnsServer.SendAsync(context, new AnswerMessage().Octets(query[12..]).Pointer(12).Txt(300, "old").ToArray());

        Assert.Equal(["old"], (await _scene.ResolveAsync()).Texts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Waits_no_longer_than_the_attempt_has(bool headersFirst)
    {
        _scene.Options.Attempts = 1;
        var asked = Stall(headersFirst);
        var resolving = _scene.ResolveAsync();
        await asked;

        _scene.Clock.Advance(_scene.Options.Timeout);

        Assert.Equal(TxtError.Timeout, (await resolving).Error);
    }

    [Fact]
    public async Task Stops_at_once_when_it_is_cancelled()
    {
        var asked = Stall(headersFirst: true);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var resolving = _scene.ResolveAsync(stopping: stopping.Token);
        await asked;

        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resolving);
    }

    [Fact]
    public async Task Names_the_server_and_not_the_path_which_some_providers_make_a_secret_of()
    {
        _server.Respond = static (context, _) =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        _scene.Options.HttpsEndpoint = new UriBuilder(_server.Endpoint) { UserName = "user-4711", Path = "/account-4711" }.Uri;

        var answer = await _scene.ResolveAsync();

        Assert.Contains(_server.Endpoint.Authority, answer.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", answer.Detail, StringComparison.Ordinal);
        Assert.All(_scene.Log.Entries, entry => Assert.DoesNotContain("4711", entry.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Disposes_the_client_of_each_resolution()
    {
        List<DisposalRecorder> handlers = [];
        _scene.CreateHttpClient = () =>
        {
            handlers.Add(new DisposalRecorder());
            return new HttpClient(handlers[^1]);
        };

        await _scene.ResolveAsync();
        await _scene.ResolveAsync();

        Assert.Equal([true, true], handlers.Select(handler => handler.IsDisposed));
    }

    private string Server => _scene.Options.HttpsEndpoint!.GetLeftPart(UriPartial.Authority);

    private void Use(HttpsDnsServer server)
    {
        _server = server;
        _scene.Options.HttpsEndpoint = server.Endpoint;
    }

    private Task Stall(bool headersFirst)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Respond = async (context, _) =>
        {
            if (headersFirst)
            {
                context.Response.ContentType = "application/dns-message";
                await context.Response.StartAsync();
            }

            asked.TrySetResult();
            await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
        };
        return asked.Task.WaitAsync(ResolverScene.Limit, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    private sealed class FailingHandler(Exception failure) : HttpMessageHandler
    {
        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            throw failure;
        }
    }

    private sealed class DisposalRecorder : HttpClientHandler
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
