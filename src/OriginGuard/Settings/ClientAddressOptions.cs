namespace OriginGuard;

/// <summary>The client behind the load balancer: section <c>OriginGuard:ClientAddress</c>.</summary>
public sealed class ClientAddressOptions
{
    /// <summary>
    /// Sets <c>Connection.RemoteIpAddress</c> and the request's scheme from the load balancer's headers once the request is admitted, or passes because only a
    /// layer that reports would have refused it and another one is enforced. False by default. The headers of any other request are never used.
    /// </summary>
    public bool Restore { get; set; }

    /// <summary>
    /// Which entry of X-Forwarded-For is the client, counted from the right. By default what the <see cref="OriginGuardOptions.Platform"/> says:
    /// 2, since the load balancer appends the client and itself, or 3 for <see cref="OriginPlatform.CloudRun"/>; 1 to 32.
    /// </summary>
    public int? Position { get; set; }
}
