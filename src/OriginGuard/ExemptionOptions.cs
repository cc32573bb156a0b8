using System.Net;

namespace OriginGuard;

/// <summary>A path that the guard lets through without asking: an element of <c>OriginGuard:Exemptions</c>.</summary>
public sealed class ExemptionOptions
{
    /// <summary>
    /// The exact path, with its first slash; case and slashes count, and an encoded, doubled or trailing-slash variant is another path.
    /// Required.
    /// </summary>
    public string Path { get; set; } = "";

    /// <summary>True peers for which the exemption holds. Empty, the default: all.</summary>
    public IPNetwork[] Networks { get; set; } = [];
}
