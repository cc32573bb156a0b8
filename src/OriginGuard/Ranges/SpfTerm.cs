using System.Net;

namespace OriginGuard.Ranges;

/// <summary>A mechanism of a record that can match: a network, or another record by its name.</summary>
/// <param name="Passes">Whether whom it matches is admitted. If not, nothing behind it admits him either (RFC 7208, section 4.6.2).</param>
/// <param name="Network">The network; none where it is another record.</param>
/// <param name="Include">The name of the other record, without final dot.</param>
internal readonly record struct SpfTerm(bool Passes, IPNetwork Network, string? Include = null);
