namespace OriginGuard.Networks;

/// <summary>What an address says by itself about who sits there, as far as that helps to find out why a request was refused.</summary>
internal enum PeerKind
{
    /// <summary>There is no address.</summary>
    None,

    /// <summary>Google's front ends or health checks towards back ends inside Google Cloud.</summary>
    GoogleFrontEnd,

    /// <summary>This machine.</summary>
    Loopback,

    /// <summary>169.254.0.0/16 and fe80::/10: what a serverless platform or a metadata service shows.</summary>
    LinkLocal,

    /// <summary>A network of the operator's own, or of whoever hosts him.</summary>
    Private,

    /// <summary>Somebody on the internet.</summary>
    Public,
}
