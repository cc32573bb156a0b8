using System.Net;
using OriginGuard.TestKit;

namespace OriginGuard.Tests.Configuration;

/// <summary>A request to the model and to the guard.</summary>
internal sealed record ModelRequest(string Peer, string? Secret, string Path)
{
    public const string InA = "203.0.113.1";
    public const string InB = "192.0.2.1";
    public const string FrontEnd = "35.191.1.1";
    public const string InRecord = "34.96.1.1";
    public const string Stranger = "198.51.100.1";

    /// <summary>Every peer, with every secret and none, to a guarded path and to one that may be exempt.</summary>
    public static IReadOnlyList<ModelRequest> All { get; } =
    [
        .. from peer in new[] { InA, InB, FrontEnd, InRecord, Stranger }
           from secret in new[] { GuardedApp.Secret, GuardedApp.PreviousSecret, null }
           from path in new[] { "/", ModelReading.Probe }
           select new ModelRequest(peer, secret, path),
    ];

    /// <summary>Whether the guard lets it in.</summary>
    public async Task<bool> IsLetInAsync(GuardedApp app)
    {
        var context = await app.SendAsync(IPAddress.Parse(Peer), request =>
        {
            request.Path = Path;
            if (Secret is not null)
            {
                request.Headers["X-Origin-Guard"] = Secret;
            }
        });
        return context.Response.StatusCode == 200;
    }
}
