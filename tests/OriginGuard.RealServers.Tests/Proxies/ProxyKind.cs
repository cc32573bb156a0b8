namespace OriginGuard.RealServers.Tests.Proxies;

/// <summary>The proxies that stand for a load balancer, by how they speak to the origin.</summary>
public enum ProxyKind
{
    /// <summary>nginx: HTTP/1.1, names as they came.</summary>
    Nginx,

    /// <summary>HAProxy: HTTP/1.1, lower-case names.</summary>
    HAProxy,

    /// <summary>HAProxy with <c>h1-case-adjust</c>: HTTP/1.1, names in proper case.</summary>
    HAProxyProperCase,

    /// <summary>HAProxy with <c>proto h2</c>: HTTP/2.</summary>
    HAProxyHttp2,
}
