namespace OriginGuard.RealServers.Tests.Model;

/// <summary>What DNS says of a record.</summary>
public enum DnsSays
{
    /// <summary>Nothing.</summary>
    Failed,

    /// <summary>A network that may be in force.</summary>
    Some,

    /// <summary>A network that no settings permit but lax ones.</summary>
    Private,
}
