using OriginGuard.Configuration;

namespace OriginGuard.Connections;

/// <summary>What the options must be where a listener refuses on the connection.</summary>
internal sealed class ConnectionGuardRules(GuardedListeners listeners) : IOptionsRule
{
    private const string Source = $"{OriginGuardOptions.SectionName}:SourceAddress";
    private const string Remedy = "Take UseOriginGuard off the listeners; app.UseOriginGuard does the work";

    public void Validate(OriginGuardOptions options, ICollection<string> mistakes)
    {
        if (listeners.Any)
        {
            Check(options, mistakes);
        }
    }

    public static void Check(OriginGuardOptions options, ICollection<string> mistakes)
    {
        var source = options.SourceAddress;
        if (options.Mode is LayerMode.Disabled || source.Mode is LayerMode.Disabled)
        {
            return;
        }

        if (source.From is PeerAddressSource.ForwardedFor)
        {
            mistakes.Add(
                $"{Source}:From is ForwardedFor (Platform {options.Platform}) and a listener has a connection guard; on a connection there is no X-Forwarded-For "
                + $"yet, and its peer is not the load balancer. {Remedy}, or set {Source}:From to Connection if the load balancer itself holds the connection.");
        }
        else if (options.Platform is OriginPlatform.CloudRunServerlessNeg && !source.IsConfigured)
        {
            mistakes.Add(
                $"{OriginGuardOptions.SectionName}:Platform is CloudRunServerlessNeg and a listener has a connection guard; this platform has no address to check, "
                + $"and without ranges a connection can be neither admitted nor refused. {Remedy}, or set {Source}:Mode to Disabled.");
        }
    }
}
