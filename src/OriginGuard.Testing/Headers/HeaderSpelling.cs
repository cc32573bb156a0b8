namespace OriginGuard.Testing;

/// <summary>
/// How names of headers arrive over HTTP/1.1 from a global or classic load balancer. Two pages of Google contradict each other, and nobody can say which is right without
/// a load balancer of his own: an origin should give the same answer both ways, and its tests should try both.
/// </summary>
public enum HeaderSpelling
{
    /// <summary>A capital at the start and after each hyphen, as the page on Internet NEGs says.</summary>
    Proper,

    /// <summary>Lower case, as the page on quotas says of all but the classic load balancer.</summary>
    LowerCase,
}
