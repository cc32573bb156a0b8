using Microsoft.Extensions.Hosting;
using OriginGuard.Checks;

namespace OriginGuard.Ranges;

/// <summary>Makes the first layer of each configuration.</summary>
internal sealed class SourceAddressPlanner(CurrentRanges ranges, RangeRefresher refresher, IHostEnvironment? environment = null) : ILayerPlanner
{
    public Layer Plan(OriginGuardOptions options) =>
        new SourceAddressLayer(options, ranges.Prepare(options.SourceAddress), ranges, refresher, environment?.IsDevelopment() is true);
}
