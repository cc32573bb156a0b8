namespace OriginGuard.Testing.Headers;

/// <summary>Fields that end at the load balancer.</summary>
internal static class HopByHop
{
    /// <summary>Google's list; <c>Proxy-Connection</c> is added from common practice.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding",
        "Upgrade",
    ];

    /// <summary>
    /// The fields to drop from a message: the fixed ones, and those that its own <c>Connection</c> lines name (RFC 9110, 7.6.1).
    /// </summary>
    public static HashSet<string> In(IEnumerable<string> connectionLines)
    {
        var names = new HashSet<string>(Names, StringComparer.OrdinalIgnoreCase);
        foreach (var line in connectionLines)
        {
            names.UnionWith(line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }

        // Without these a message loses its frame or its address: whoever names them in Connection attacks the next hop.
        names.Remove("Host");
        names.Remove("Content-Length");
        return names;
    }
}
