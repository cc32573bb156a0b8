using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OriginGuard.Networks;

namespace OriginGuard.Configuration;

/// <summary>Fills what nobody set with what the platform says, so that the rooms read complete options.</summary>
internal sealed class PlatformDefaults(IHostEnvironment? environment = null) : IPostConfigureOptions<OriginGuardOptions>
{
    public void PostConfigure(string? name, OriginGuardOptions options)
    {
        var source = options.SourceAddress;
        source.From ??= options.Platform is OriginPlatform.CloudRun ? PeerAddressSource.ForwardedFor : PeerAddressSource.Connection;
        source.RecordNames ??= options.Platform is OriginPlatform.InternetNeg or OriginPlatform.CloudRun ? [SourceAddressOptions.GoogleRecordName] : [];

        // One spelling for one record, wherever it is kept: a final dot says nothing that is not understood.
        source.RecordNames = [.. source.RecordNames.Select(static record => record is [.., not '.', '.'] ? record[..^1] : record)];
        source.Networks ??= options.Platform is OriginPlatform.GoogleCloudBackend ? [.. GoogleFrontEnds.Networks] : [];
        options.ClientAddress.Position ??= options.Platform is OriginPlatform.CloudRun ? 3 : 2;
        options.Rejection.IncludeReason ??= environment?.IsDevelopment() ?? false;
        options.Rejection.IncludeReference ??= options.Rejection.HasReferenceKey;
    }
}
