namespace OriginGuard;

/// <summary>Whether the guard stands in the pipeline at all: registered and not used, it would guard nothing and say nothing.</summary>
internal sealed class GuardedPipeline
{
    public bool HasGuard { get; set; }
}
