using Microsoft.Extensions.Logging;
using OriginGuard.Checks;
using OriginGuard.Configuration;
using OriginGuard.References;

namespace OriginGuard.Guard;

/// <summary>
/// Makes a plan of the options, each time they change, and puts it in force: the only one that follows the options. A plan is made whole, and whatever throws
/// on the way leaves the one before it in force as a whole. Then it is swapped in by one write, and what works beside the requests learns of it.
/// </summary>
internal sealed partial class GuardPlans
{
    private readonly ILayerPlanner[] _planners;
    private readonly ReferencePlanner _references;
    private readonly ILogger _logger;
    private readonly List<PlanStep> _steps = [];
    private volatile GuardPlan? _current;

    public GuardPlans(OptionsInForce options, IEnumerable<ILayerPlanner> planners, ReferencePlanner references, ILogger<GuardPlans> logger)
    {
        (_planners, _references, _logger) = ([.. planners], references, logger);
        options.Follow(Prepare);
    }

    public GuardPlan Current => _current ?? throw new InvalidOperationException("The plan is not made yet.");

    /// <summary>
    /// What is done, in this order, after each change and behind the steps of the layers, with the plan before and the plan now. To be called while the options
    /// are followed, so that no change comes in between.
    /// </summary>
    public void Then(params ReadOnlySpan<PlanStep> steps) => _steps.AddRange(steps);

    /// <summary>Makes the plan of some options; what comes back puts it in force.</summary>
    public Action Prepare(OriginGuardOptions options)
    {
        var plan = Make(options);
        return () => Publish(plan);
    }

    private GuardPlan Make(OriginGuardOptions options)
    {
        List<Layer> layers = [];
        try
        {
            foreach (var planner in _planners)
            {
                layers.Add(planner.Plan(options));
            }

            return new GuardPlan(options, [.. layers.OrderBy(static layer => layer.Name)], _references.Plan(options.Rejection));
        }
        catch
        {
            layers.ForEach(static layer => layer.End());
            throw;
        }
    }

    private void Publish(GuardPlan plan)
    {
        var before = _current;
        _current = plan;

        // The layers begin before anything else learns of the plan, and those before it end when nobody new asks them.
        foreach (var layer in plan.Layers)
        {
            Do($"the layer {layer.Name}", layer.Begin);
        }

        foreach (var layer in before?.Layers ?? [])
        {
            Do($"the layer {layer.Name} of the one before", layer.End);
        }

        foreach (var step in _steps)
        {
            Do(step.Name, () => step.Do(before, plan));
        }
    }

    /// <summary>The plan is in force: a step that fails does not keep the others from theirs, and nobody may say that the old one still is.</summary>
    private void Do(string name, Action action)
    {
        try
        {
            action();
        }
        catch (Exception failure)
        {
            Log.StepFailed(_logger, failure, name);
        }
    }
}
