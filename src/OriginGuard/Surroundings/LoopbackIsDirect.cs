using System.Net;

namespace OriginGuard.Surroundings;

/// <summary>
/// The proxy of the environment, but never towards this machine: plain http is allowed there because nobody stands in between, and a proxy would
/// stand in between, read what is asked and write what is answered.
/// </summary>
internal sealed class LoopbackIsDirect(Func<IWebProxy> environment) : IWebProxy
{
    public LoopbackIsDirect()
        : this(static () => HttpClient.DefaultProxy)
    {
    }

    public ICredentials? Credentials
    {
        get => environment().Credentials;
        set => environment().Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : environment().GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || environment().IsBypassed(host);
}
