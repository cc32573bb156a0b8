using System.Net;
using Microsoft.Coyote.Runtime;
using Microsoft.Coyote.Specifications;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OriginGuard.Configuration;
using OriginGuard.Guard;
using OriginGuard.Ranges;
using OriginGuard.Surroundings;
using OriginGuard.TestKit;

namespace OriginGuard.Coyote;

/// <summary>The guard as the container makes it, on a source whose configurations are numbered: each has a network and a secret of its number.</summary>
internal sealed class ReloadScene : IOptionsChangeTokenSource<OriginGuardOptions>, IChangeToken
{
    public const int First = 1;
    public const int Other = 2;
    public const int Third = 3;
    public const int Invalid = 0;

    private readonly GuardPlans _plans;
    private readonly CurrentRanges _ranges;
    private readonly OptionsInForce _options;
    private volatile int _said = First;
    private Action? _reload;

    public ReloadScene()
    {
        SchedulingPoint.Suppress();
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton(new GuardClock(Time));
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<IOptionsChangeTokenSource<OriginGuardOptions>>(this);
        services.AddOriginGuard(Say);
        var provider = services.BuildServiceProvider();
        _plans = provider.GetRequiredService<GuardPlans>();
        _ranges = provider.GetRequiredService<CurrentRanges>();
        _options = provider.GetRequiredService<OptionsInForce>();
        SchedulingPoint.Resume();
    }

    public ManualTimeProvider Time { get; } = new();

    /// <summary>The number of the configuration that the source holds.</summary>
    public int Said => _said;

    public GuardPlan Plan => _plans.Current;

    public string Name => Options.DefaultName;

    public bool HasChanged => false;

    public bool ActiveChangeCallbacks => true;

    public void Reload(int configuration)
    {
        _said = configuration;
        _reload!();
    }

    /// <summary>Reads a plan as a request does.</summary>
    /// <returns>The number that all of it has.</returns>
    public int ReadPlan()
    {
        var plan = Plan;
        var number = NumberOf(plan.Address.Ranges.Snapshot);
        Specification.Assert(plan.Secret.Secrets.Ring.Find(SecretOf(number)) == 0, "A plan has the networks of configuration {0}, and another secret.", number);
        Specification.Assert(NumberOf(plan.Connections.Ranges) == number, "A plan has the networks of configuration {0}, and others for connections.", number);
        Specification.Assert(plan.Options.SharedSecret.Secrets[0] == SecretOf(number), "A plan has options of another configuration.");
        return number;
    }

    /// <summary>What goes on beside the plan, once no reload is under way, belongs to the same configuration.</summary>
    public void CheckWhatLivesOn(int number)
    {
        Specification.Assert(NumberOf(_ranges.Snapshot) == number, "The ranges are those of another configuration than {0}.", number);
        Specification.Assert(_options.Current.SharedSecret.Secrets[0] == SecretOf(number), "The options are those of another configuration than {0}.", number);
        Specification.Assert(_plans.Current.Secret.Secrets.Ring.Find(SecretOf(number)) == 0, "The secrets are those of another configuration than {0}.", number);
    }

    public IChangeToken GetChangeToken() => this;

    public IDisposable RegisterChangeCallback(Action<object?> callback, object? state)
    {
        _reload = () => callback(state);
        return new Registration();
    }

    private static string SecretOf(int number) => number == Invalid ? "short" : $"secret-of-the-configuration-{number:D4}";

    private static int NumberOf(RangeSnapshot snapshot) => snapshot.Parts[0].Networks[0].BaseAddress.GetAddressBytes()[2];

    private void Say(OriginGuardOptions options)
    {
        var number = _said;
        options.SourceAddress.RecordNames = [];
        options.SourceAddress.Networks = [IPNetwork.Parse($"34.96.{number}.0/24")];
        options.SharedSecret.Secrets = [SecretOf(number)];
    }

    /// <summary>Lasts as long as the scene.</summary>
    private sealed class Registration : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
