using OriginGuard.Testing;

namespace OriginGuard.Sample.Simulated;

/// <summary>Identity-Aware Proxy, as far as an origin meets it: assertions, and the endpoint where the keys to verify them are fetched.</summary>
internal sealed class IapSigner : IAsyncDisposable
{
    /// <summary>The backend service that the assertions are for, where nobody configures another.</summary>
    public const string DefaultAudience = "/projects/123456789/global/backendServices/987654321";

    private readonly IapAssertionIssuer _issuer;
    private readonly IapKeyEndpoint _keys;

    private IapSigner(IapAssertionIssuer issuer, IapKeyEndpoint keys) => (_issuer, _keys) = (issuer, keys);

    public Uri Keys => _keys.Uri;

    public static async Task<IapSigner> StartAsync(CancellationToken cancellationToken)
    {
        var issuer = new IapAssertionIssuer();
        try
        {
            return new IapSigner(issuer, await IapKeyEndpoint.StartAsync(issuer, cancellationToken));
        }
        catch
        {
            issuer.Dispose();
            throw;
        }
    }

    public string Issue(string audience, IapAssertionKind kind) => _issuer.Issue(audience, kind: kind);

    public async ValueTask DisposeAsync()
    {
        await _keys.DisposeAsync();
        _issuer.Dispose();
    }
}
