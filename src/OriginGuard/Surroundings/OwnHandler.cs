namespace OriginGuard.Surroundings;

/// <summary>The handler of all HTTP clients that the guard makes.</summary>
internal static class OwnHandler
{
    // By the system's clock, whatever one the application brings: a head start is a matter of the network.
    private static readonly HostConnector Connector = new(System.Net.Dns.GetHostAddressesAsync, TimeProvider.System);

    public static SocketsHttpHandler Create() => new()
    {
        // A redirect would hand the question, and the say over what is answered, to an address that nobody configured.
        AllowAutoRedirect = false,
        UseCookies = false,

        // One of the environment, and none between the guard and this machine.
        Proxy = new LoopbackIsDirect(),
        MaxResponseHeadersLength = 16, // KiB

        ConnectCallback = static (connection, cancellationToken) => Connector.ConnectAsync(connection.DnsEndPoint, cancellationToken),

        // A trace and its baggage are the application's, and nothing that Google or a resolver should see.
        ActivityHeadersPropagator = null,
    };
}
