using OriginGuard.Checks;

namespace OriginGuard.SharedSecret;

/// <summary>Makes the second layer of each configuration.</summary>
internal sealed class SharedSecretPlanner(CurrentSecrets secrets) : ILayerPlanner
{
    public Layer Plan(OriginGuardOptions options) => new SharedSecretLayer(options, secrets.Prepare(options.SharedSecret), secrets);
}
