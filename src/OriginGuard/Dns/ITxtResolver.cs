namespace OriginGuard;

/// <summary>
/// Answers the one DNS question that the guard has: the TXT records of a name. Register another implementation before
/// <c>AddOriginGuard</c> to use another DNS client; the shape follows the <c>DnsResolver.ResolveTxtAsync</c> of newer .NET.
/// </summary>
public interface ITxtResolver
{
    /// <summary>Resolves the TXT records of a name. Called in the background only, never by a request.</summary>
    /// <param name="name">A domain name (RFC 1035) without a final dot, such as <c>_cloud-eoips.googleusercontent.com</c>.</param>
    /// <param name="cancellationToken">Ends the query: the guard stops or its configuration has changed.</param>
    /// <returns>
    /// The records, or why there are none. A failure is a value, not an exception; an exception all the same counts as a failed
    /// refresh and the last known good ranges stay in force.
    /// </returns>
    ValueTask<TxtAnswer> ResolveTxtAsync(string name, CancellationToken cancellationToken);
}
