using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace OriginGuard.Configuration;

/// <summary>Fills what nobody set with what the platform says, so that the rooms read complete options.</summary>
internal sealed class PlatformDefaults(IHostEnvironment? environment = null) : IPostConfigureOptions<OriginGuardOptions>
{
    // The front ends of Google's load balancers towards VM and GKE backends, as the load-balancing documentation lists them.
    private static readonly IPNetwork[] FrontEnds = [IPNetwork.Parse("35.191.0.0/16"), IPNetwork.Parse("130.211.0.0/22")];

    public void PostConfigure(string? name, OriginGuardOptions options)
    {
        var source = options.SourceAddress;
        source.From ??= options.Platform is OriginPlatform.CloudRun ? PeerAddressSource.ForwardedFor : PeerAddressSource.Connection;
        source.RecordNames ??= options.Platform is OriginPlatform.InternetNeg or OriginPlatform.CloudRun ? [SourceAddressOptions.GoogleRecordName] : [];

        // One spelling for one record, wherever it is kept: a final dot says nothing that is not understood.
        source.RecordNames = [.. source.RecordNames.Select(static record => record is [.., not '.', '.'] ? record[..^1] : record)];
        source.Networks ??= options.Platform is OriginPlatform.GoogleCloudBackend ? [.. FrontEnds] : [];
        options.ClientAddress.Position ??= options.Platform is OriginPlatform.CloudRun ? 3 : 2;
        options.Rejection.IncludeReason ??= environment?.IsDevelopment() ?? false;
    }
}
