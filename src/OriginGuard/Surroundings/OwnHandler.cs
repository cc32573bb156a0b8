namespace OriginGuard.Surroundings;

/// <summary>The handler of all HTTP clients that the guard makes.</summary>
internal static class OwnHandler
{
    public static SocketsHttpHandler Create() => new()
    {
        // A redirect would hand the question, and the say over what is answered, to an address that nobody configured.
        AllowAutoRedirect = false,
        UseCookies = false,

        // One of the environment, and none between the guard and this machine.
        Proxy = new LoopbackIsDirect(),
        MaxResponseHeadersLength = 16, // KiB

        // A trace and its baggage are the application's, and nothing that Google or a resolver should see.
        ActivityHeadersPropagator = null,
    };
}
