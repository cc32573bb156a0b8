namespace OriginGuard.Tool.Formats;

/// <summary>What a packet filter touches: these ports and nothing else. The family counts where one file cannot hold both.</summary>
internal sealed class RuleScope(IReadOnlyList<int> ports, RangeFamily family)
{
    public IReadOnlyList<int> Ports => ports;

    public RangeFamily Family => family;
}
