namespace OriginGuard.Testing;

/// <summary>
/// A custom request header of the load balancer: what <c>gcloud compute backend-services update --custom-request-header</c> or a URL map
/// adds to each request. The shared secret travels in one.
/// </summary>
public sealed class CustomRequestHeader
{
    /// <summary>Describes a custom request header. The load balancer's rules for it are checked when the simulator is created.</summary>
    /// <param name="name">The header's name.</param>
    /// <param name="value">
    /// The value. Documented: <c>{client_ip_address}</c> and other variables expand, <c>{{</c> and <c>}}</c> are literal braces, blanks at
    /// both ends are dropped. The simulator knows <c>client_ip_address</c>, <c>server_ip_address</c>, <c>client_protocol</c>,
    /// <c>client_encrypted</c> and, but for a regional load balancer (documented), <c>hostname</c>; every other variable expands to nothing, as one does that Google cannot tell.
    /// </param>
    /// <param name="replace">
    /// True, the way of a backend service: what the client sent under this name is discarded. False, as <c>replace: false</c> in a URL map:
    /// the value is appended to what the client sent. Both documented; that it is appended as a line of its own is inferred. <c>Host</c> cannot be appended: only a backend service sets it (documented).
    /// </param>
    public CustomRequestHeader(string name, string value, bool replace = true)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        Name = name;
        Value = value;
        Replace = replace;
    }

    /// <summary>The header's name, as configured.</summary>
    public string Name { get; }

    /// <summary>The value before variables expand. It may be a secret: it appears in no text that the simulator makes.</summary>
    public string Value { get; }

    /// <summary>Whether the client's own lines of this name are discarded.</summary>
    public bool Replace { get; }

    /// <summary>The name and the length of the value; never the value.</summary>
    public override string ToString() => $"{Name}: {Value.Length} character(s){(Replace ? "" : ", appended")}";
}
