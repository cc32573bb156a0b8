namespace OriginGuard.Startup;

/// <summary>What a platform's preset switched off or reads elsewhere, as far as no setting of the user's own says otherwise.</summary>
internal static class PlatformNotes
{
    public static IEnumerable<string> Of(OriginGuardOptions options)
    {
        var source = options.SourceAddress;
        if (source.Mode is LayerMode.Disabled)
        {
            yield break;
        }

        if (!source.IsConfigured)
        {
            var why = options.Platform is OriginPlatform.CloudRunServerlessNeg ? "the platform in front holds every connection" : "neither a record nor a network is named";
            yield return $"no source address is checked, since {why}. Add a secret or IAP, or name networks in OriginGuard:SourceAddress:Networks.";
            yield break;
        }

        if (source.RecordNames is { Length: 0 })
        {
            yield return "no record is resolved; the configured networks alone are admitted, and they do not follow a change at Google.";
        }

        if (source.From is PeerAddressSource.ForwardedFor)
        {
            yield return $"the peer is entry {source.ForwardedForPosition} of X-Forwarded-For from the right, since the connection is the platform's own.";
        }
    }
}
