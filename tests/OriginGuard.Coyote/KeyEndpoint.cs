using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Coyote.Specifications;
using Microsoft.IdentityModel.Tokens;
using OriginGuard.Iap;

namespace OriginGuard.Coyote;

/// <summary>
/// A key endpoint that takes its time, and that fails the test when it is asked twice at a time, too soon or too late. Who has given up is not being answered any more, and asks nobody.
/// </summary>
internal sealed class KeyEndpoint(TimeProvider time) : IHttpClientFactory
{
    private static readonly string OldOnly = $"{{\"keys\":[{Key(KeyScene.OldKey)}]}}";
    private static readonly string Both = $"{{\"keys\":[{Key(KeyScene.OldKey)},{Key(KeyScene.NewKey)}]}}";

    private readonly TaskCompletionSource _newKeyRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _hasNewKey;
    private volatile bool _fails;
    private volatile bool _isOver;
    private Fetch? _last;
    private int _givenUp;
    private int _asked = -1;

    public bool HasNewKey
    {
        set => _hasNewKey = value;
    }

    public bool Fails
    {
        set => _fails = value;
    }

    public bool IsOver
    {
        set => _isOver = value;
    }

    public int GivenUp => Volatile.Read(ref _givenUp);

    public Task NewKeyRead => _newKeyRead.Task;

    public HttpClient CreateClient(string name) => new Client(this);

    private static string Key(string id)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return $"{{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"sig\",\"alg\":\"ES256\",\"kid\":\"{id}\",\"x\":\"{Base64UrlEncoder.Encode(point.X)}\",\"y\":\"{Base64UrlEncoder.Encode(point.Y)}\"}}";
    }

    private async Task<HttpResponseMessage> AnswerAsync(CancellationToken cancellationToken)
    {
        var fetch = new Fetch(cancellationToken);
        Specification.Assert(Interlocked.Exchange(ref _last, fetch)?.IsOver is not false, "Two fetches at a time.");
        Specification.Assert(!_isOver || cancellationToken.IsCancellationRequested, "The endpoint was asked after the end.");

        // All in all, since the clock began: the cool-down counts from where a turn begins, and its request may come late. A fetch that the clock outran has failed, and is tried again sooner.
        var least = (Interlocked.Increment(ref _asked) - GivenUp) * IapKeySchedule.CoolDown;
        Specification.Assert(_fails || time.GetElapsedTime(0) >= least, "The endpoint was asked again before the cool-down was over.");
        var (fails, hasNewKey) = (_fails, _hasNewKey);
        await Task.Yield();
        fetch.HasEnded = true;
        if (cancellationToken.IsCancellationRequested)
        {
            Interlocked.Increment(ref _givenUp);
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (hasNewKey)
        {
            _newKeyRead.TrySetResult();
        }

        return new HttpResponseMessage(fails ? HttpStatusCode.InternalServerError : HttpStatusCode.OK)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(hasNewKey ? Both : OldOnly)),
        };
    }

    /// <summary>Goes past the handlers, whose waits nobody controls.</summary>
    private sealed class Client(KeyEndpoint endpoint) : HttpClient(new SocketsHttpHandler())
    {
        public override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => endpoint.AnswerAsync(cancellationToken);
    }

    private sealed class Fetch(CancellationToken givenUp)
    {
        private volatile bool _hasEnded;

        public bool HasEnded
        {
            set => _hasEnded = value;
        }

        public bool IsOver => _hasEnded || givenUp.IsCancellationRequested;
    }
}
