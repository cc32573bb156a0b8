using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace OriginGuard.Testing;

/// <summary>
/// Serves the keys of an <see cref="IapAssertionIssuer"/> over http on a free port of 127.0.0.1, misbehaves when it is told to, and counts
/// how often it was asked.
/// </summary>
public sealed class IapKeyEndpoint : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly IapAssertionIssuer _issuer;
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IapKeyEndpointBehavior _behavior;
    private int _fetches;

    private IapKeyEndpoint(IapAssertionIssuer issuer)
    {
        _issuer = issuer;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    /// <summary>The address for <c>Iap:KeysUri</c>.</summary>
    public Uri Uri { get; private set; } = new("http://127.0.0.1/");

    /// <summary>What the next requests get, and those that hang now. <see cref="IapKeyEndpointBehavior.Serve"/> at first.</summary>
    public IapKeyEndpointBehavior Behavior
    {
        get
        {
            lock (_lock)
            {
                return _behavior;
            }
        }

        set
        {
            TaskCompletionSource changed;
            lock (_lock)
            {
                _behavior = value;
                changed = _changed;
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            changed.SetResult();
        }
    }

    /// <summary><c>max-age</c> of the answers; one hour at first, and no <c>Cache-Control</c> at all when it is null.</summary>
    public TimeSpan? MaxAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often the keys have been asked for, whatever was answered.</summary>
    public int FetchCount => Volatile.Read(ref _fetches);

    /// <summary>Starts an endpoint.</summary>
    /// <param name="issuer">Whose keys it serves. It stays the caller's to dispose.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>The endpoint, listening.</returns>
    public static async Task<IapKeyEndpoint> StartAsync(IapAssertionIssuer issuer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(issuer);
        var endpoint = new IapKeyEndpoint(issuer);
        try
        {
            await endpoint._application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await endpoint._application.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        var addresses = endpoint._application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        endpoint.Uri = new Uri(new Uri(addresses.Addresses.First()), "/iap/verify/public_key-jwk");
        return endpoint;
    }

    /// <summary>
    /// Waits until the keys have been asked for that often since the start, whatever was answered. After <see cref="IapAssertionIssuer.Rotate"/> and a request with the new key,
    /// one more than before says that the guard knows it, or waits for it with the next request.
    /// </summary>
    /// <param name="count">The number, as <see cref="FetchCount"/> counts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task WaitForFetchesAsync(int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (_fetches >= count)
                {
                    return;
                }

                next = _asked.Task;
            }

            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Behavior = IapKeyEndpointBehavior.Disconnect; // lets go of those that hang
        await _application.StopAsync().ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        TaskCompletionSource asked;
        lock (_lock)
        {
            _fetches++;
            (asked, _asked) = (_asked, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        asked.SetResult();
        await AnswerAsync(context, redirected: context.Request.Query.ContainsKey("redirected")).ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext context, bool redirected)
    {
        Task changed;
        IapKeyEndpointBehavior behavior;
        lock (_lock)
        {
            (changed, behavior) = (_changed.Task, _behavior);
        }

        switch (behavior)
        {
            case IapKeyEndpointBehavior.Hang:
                await changed.WaitAsync(context.RequestAborted).ConfigureAwait(false);
                await AnswerAsync(context, redirected).ConfigureAwait(false);
                break;
            case IapKeyEndpointBehavior.Disconnect:
                context.Abort();
                break;
            case IapKeyEndpointBehavior.ServerError:
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                break;
            case IapKeyEndpointBehavior.Redirect when !redirected:
                context.Response.Redirect(Uri + "?redirected");
                break;
            default:
                await WriteAsync(context.Response, behavior).ConfigureAwait(false);
                break;
        }
    }

    private Task WriteAsync(HttpResponse response, IapKeyEndpointBehavior behavior)
    {
        response.ContentType = "application/json";
        if (MaxAge is { } maxAge)
        {
            response.Headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={(long)maxAge.TotalSeconds}");
        }

        return response.WriteAsync(behavior switch
        {
            IapKeyEndpointBehavior.EmptySet => """{"keys":[]}""",
            IapKeyEndpointBehavior.Garbage => "<!doctype html><title>Sign in to the wireless network</title>",
            IapKeyEndpointBehavior.Oversize => _issuer.KeySet + new string(' ', 1024 * 1024),
            _ => _issuer.KeySet,
        });
    }
}
