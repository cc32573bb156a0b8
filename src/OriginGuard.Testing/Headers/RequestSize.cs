namespace OriginGuard.Testing.Headers;

/// <summary>How large the address and the headers of a client's request may be together.</summary>
internal static class RequestSize
{
    /// <summary>
    /// 60 KiB for the global one and 64 KiB for the classic one (documented on Google's page on quotas); for the regional one as for the global (inferred), and which status
    /// is answered beyond it (inferred).
    /// </summary>
    public static int Largest(LoadBalancerKind kind) => (kind is LoadBalancerKind.Classic ? 64 : 60) * 1024;

    /// <summary>What to tell a client whose request is too large; null for one that is not.</summary>
    public static string? Complaint(LoadBalancerKind kind, string target, IEnumerable<KeyValuePair<string, string>> lines)
    {
        var bytes = target.Length + lines.Sum(static line => line.Key.Length + line.Value.Length + ": \r\n".Length);
        return bytes > Largest(kind)
            ? $"The simulated load balancer takes {Largest(kind)} bytes of address and headers together; these are {bytes}.\n"
            : null;
    }
}
