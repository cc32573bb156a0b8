namespace OriginGuard.Fuzz.Targets;

/// <summary>
/// The readers of what others wrote. Each takes any octets, throws where a property of the reader does not hold, and says whether the reader took what it was given.
/// </summary>
internal static class FuzzTargets
{
    /// <summary>Longer inputs show nothing that shorter ones do not, and the oracles are slow.</summary>
    public const int MostOctets = 16 * 1024;

    public static IReadOnlyDictionary<string, Func<byte[], bool>> All { get; } = new Dictionary<string, Func<byte[], bool>>(StringComparer.Ordinal)
    {
        ["arming"] = Bounded(ArmingTarget.Play),
        ["configuration"] = Bounded(ConfigurationTarget.Play),
        ["dns"] = Bounded(DnsTarget.Play),
        ["forwarded-for"] = Bounded(ForwardedForTarget.Play),
        ["jwks"] = Bounded(JwksTarget.Play),
        ["jwt"] = Bounded(JwtTarget.Play),
        ["reference"] = Bounded(ReferenceTarget.Play),
        ["snapshot"] = Bounded(SnapshotTarget.Play),
        ["spf"] = Bounded(SpfTarget.Play),
    };

    private static Func<byte[], bool> Bounded(Func<byte[], bool> play) => input => input.Length <= MostOctets && play(input);
}
