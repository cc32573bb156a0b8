namespace OriginGuard;

/// <summary>Where the origin stands, seen from the load balancer: a preset of other settings, each of which can still be set by itself.</summary>
public enum OriginPlatform
{
    /// <summary>Behind an Internet NEG of a global external or classic Application Load Balancer: Google's TXT record is checked.</summary>
    InternetNeg,

    /// <summary>
    /// Behind an Internet NEG of a regional load balancer, whose requests leave through your own Cloud NAT:
    /// <see cref="SourceAddressOptions.Networks"/> is required and no record is checked.
    /// </summary>
    InternetNegRegional,

    /// <summary>Cloud Run, reached through an Internet NEG that names its run.app address: the peer is the last entry of X-Forwarded-For.</summary>
    CloudRun,

    /// <summary>Cloud Run behind a serverless NEG, or with IAP on the service itself: there is no address to check.</summary>
    CloudRunServerlessNeg,

    /// <summary>A VM or GKE backend: no record; Google's front ends 35.191.0.0/16 and 130.211.0.0/22 are the default networks.</summary>
    GoogleCloudBackend,
}
