using System.Net;
using Microsoft.AspNetCore.Builder;

namespace OriginGuard.Benchmarks.Ranges;

/// <summary>
/// A baseline: how an application asks the networks that it has given to the forwarded headers middleware. A dual-stack socket reports its
/// IPv4 peers IPv4-mapped, so they are unmapped first, which makes an object each time.
/// </summary>
internal sealed class KnownNetworks
{
    private readonly ForwardedHeadersOptions _options = new();

    public KnownNetworks(IPNetwork[] networks)
    {
        _options.KnownProxies.Clear();
        _options.KnownIPNetworks.Clear();
        foreach (var network in networks)
        {
            _options.KnownIPNetworks.Add(network);
        }
    }

    public bool Contains(IPAddress peer)
    {
        var address = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        if (_options.KnownProxies.Contains(address))
        {
            return true;
        }

        foreach (var network in _options.KnownIPNetworks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
