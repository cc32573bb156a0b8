using System.Net;
using OriginGuard.Configuration;

namespace OriginGuard.Tool.Ranges;

/// <summary>Where the load balancer reaches an origin from, by the platform that the origin stands on: the same preset as the guard's.</summary>
/// <param name="Platform">The platform.</param>
/// <param name="Records">The records that publish the networks.</param>
/// <param name="Networks">What is fixed, and published in the documentation alone.</param>
internal sealed record RangePreset(OriginPlatform Platform, IReadOnlyList<string> Records, IReadOnlyList<IPNetwork> Networks)
{
    /// <summary>The platforms on which there is an address to check.</summary>
    public static string[] Names { get; } =
        [.. Enum.GetValues<OriginPlatform>().Where(static platform => platform is not OriginPlatform.CloudRunServerlessNeg).Select(static platform => platform.ToString())];

    /// <param name="platform">The platform.</param>
    /// <param name="records">Other records than its own; null for its own.</param>
    public static RangePreset Of(OriginPlatform platform, IReadOnlyList<string>? records)
    {
        var options = new OriginGuardOptions { Platform = platform };
        new PlatformDefaults().PostConfigure(null, options);
        return new RangePreset(platform, records ?? options.SourceAddress.RecordNames!, options.SourceAddress.Networks!); // filled in just now
    }
}
