using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using OriginGuard.Checks;
using OriginGuard.Exemptions;
using OriginGuard.Guard;
using OriginGuard.Networks;
using OriginGuard.PublishedLists;
using OriginGuard.Ranges;

namespace OriginGuard.Startup;

/// <summary>Set-ups that are valid and weaker or odder than whoever wrote them may know: a sentence for each, with what to do.</summary>
internal static class WeakSetUp
{
    private const string Root = OriginGuardOptions.SectionName;

    /// <param name="plan">What is in force.</param>
    /// <param name="configuration">The application's configuration.</param>
    /// <param name="names">The names of the guard's settings and sections.</param>
    public static IEnumerable<string> Find(GuardPlan plan, IConfiguration? configuration, IEnumerable<string> names)
    {
        var options = plan.Options;
        Layer[] asked = [.. plan.Layers.Where(static layer => layer is not HeadersLayer)]; // that one is only as strict as those
        var isAddressAlone = asked.All(static layer => layer is SourceAddressLayer || !layer.IsOn);
        if (isAddressAlone)
        {
            yield return $"The source address is the only layer that is on: {WhoPasses(options.SourceAddress)}. Add OriginGuard:SharedSecret:Secrets.";
        }

        Layer[] refusing = [.. asked.Where(static layer => layer.Mode is LayerMode.Enforce)];
        if (plan.IsEnforced && refusing.Length == 0)
        {
            yield return "OriginGuard:Mode is Enforce and every layer that is on only reports: nobody is refused. Set the Mode of a layer to Enforce.";
        }
        else if (plan.IsEnforced && !isAddressAlone && refusing is [SourceAddressLayer])
        {
            yield return $"The source address is the only layer that refuses anybody, the others only report: {WhoPasses(options.SourceAddress)}. Set the Mode of another layer to Enforce.";
        }

        if (options.Reading is { NothingRead: { } nothing, Keys.Count: 0 } && (options.Reading.HasLookAlike || isAddressAlone))
        {
            yield return nothing;
        }

        if (options.Reading.Section is null && configuration?.GetSection(Root) is { } unread && names.Any(name => unread.GetSection(name).Exists()))
        {
            yield return $"The configuration has a section {Root}, and AddOriginGuard was not given the configuration: the guard does not read what stands there. Where code binds it, misspelt keys "
                + "and merged lists go unnoticed, and so does a change later on. Call AddOriginGuard(builder.Configuration).";
        }

        foreach (var weakness in plan.Layers.SelectMany(static layer => layer.Weaknesses).Concat(Exemptions(options)).Concat(plan.References?.Weaknesses ?? []))
        {
            yield return weakness;
        }

        if (plan.Iap.IsOn && options.Iap.AllowPreflight is true && !IsAsStrict(plan.Address, plan.Iap) && !IsAsStrict(plan.Secret, plan.Iap))
        {
            yield return "OriginGuard:Iap:AllowPreflight is on and no other layer refuses anybody: whoever reaches the origin gets through with a preflight. Add "
                + "OriginGuard:SharedSecret:Secrets, or set OriginGuard:SharedSecret:Mode to Enforce.";
        }

        foreach (var weakness in OfHost(options, configuration))
        {
            yield return weakness;
        }
    }

    /// <summary>By its variables: IIS that starts the application as a process of its own and stands in front of it as a proxy.</summary>
    public static bool IsBehindIis(IConfiguration? configuration) =>
        configuration?["TOKEN"] is { Length: > 0 } && configuration["PORT"] is { Length: > 0 } && configuration["APPL_PATH"] is { Length: > 0 };

    private static IEnumerable<string> OfHost(OriginGuardOptions options, IConfiguration? configuration)
    {
        if (IsBehindIis(configuration) && options.IsOn(options.SourceAddress))
        {
            yield return "IIS runs the application out of process: the peer is IIS for everybody, so the address layer can tell nobody apart. Set "
                + "OriginGuard:SourceAddress:Mode to Disabled and rely on the secret; do not add 127.0.0.1 to Networks.";
        }

        // By a variable of the platform's contract with its containers, which Knative has, too: there it is a cluster's own proxy that holds the connection.
        if (configuration?["K_SERVICE"] is { Length: > 0 } && configuration["KUBERNETES_SERVICE_HOST"] is not { Length: > 0 } && options.IsOn(options.SourceAddress) && options.SourceAddress.From is PeerAddressSource.Connection)
        {
            yield return "K_SERVICE is set, so this is Cloud Run: the platform holds every connection, and the address layer looks at the same peer for everybody. Set OriginGuard:Platform to "
                + "CloudRun behind an Internet NEG, or to CloudRunServerlessNeg behind a serverless NEG or with IAP on the service.";
        }

        if (string.Equals(configuration?["FORWARDEDHEADERS_ENABLED"], "true", StringComparison.OrdinalIgnoreCase))
        {
            yield return "ASPNETCORE_FORWARDEDHEADERS_ENABLED is on: the application believes X-Forwarded-For from whoever connects, also where the guard lets "
                + "a request through unasked. The guard is not fooled; remove the switch and use OriginGuard:ClientAddress:Restore.";
        }
    }

    /// <summary>Exemptions that hold for nothing.</summary>
    public static IEnumerable<string> ExemptForNothing(OriginGuardOptions options) =>
        options.Exemptions.Select((exemption, i) => (exemption.Path, i)).Where(static entry => ExemptPath.NeverComes(entry.Path))
            .Select(entry => $"{options.Reading.Element($"{Root}:Exemptions", entry.i)}:Path {entry.Path} matches no request: servers resolve dot segments before the "
                + "application sees a path. Write it without them.");

    /// <summary>The exempt paths and endpoints that name no peers, by the names that an operator knows them by.</summary>
    public static IEnumerable<string> ExemptForEverybody(OriginGuardOptions options, IReadOnlyList<Endpoint> endpoints) =>
    [
        .. options.Exemptions.Select((exemption, i) => (exemption, i)).Where(entry => entry.exemption.Networks.Length == 0)
            .Select(entry => $"{options.Reading.Element($"{Root}:Exemptions", entry.i)} ({entry.exemption.Path})"),
        .. endpoints.OfType<RouteEndpoint>().Where(ExemptEndpoint.IsExempt)
            .Select(static endpoint => $"AllowDirectAccess on {endpoint.RoutePattern.RawText ?? endpoint.DisplayName}"),
    ];

    private static string WhoPasses(SourceAddressOptions source) =>
        source.RecordNames is { Length: > 0 }
        || (source.Networks ?? []).Any(static network => GoogleFrontEnds.Networks.Concat(BuiltInRanges.Networks).Any(shared => NetworkSet.Overlap(shared, network)))
            ? "any Google Cloud customer's load balancer passes it"
            : "whoever sends from its networks passes it";

    private static bool IsAsStrict(Layer other, Layer layer) => other.Mode is LayerMode.Enforce || (other.IsOn && layer.Mode is not LayerMode.Enforce);

    private static IEnumerable<string> Exemptions(OriginGuardOptions options) => options.Exemptions
        .Select((exemption, i) => WeakNetworks.Find(exemption.Networks, $"{options.Reading.Element($"{Root}:Exemptions", i)}:Networks"))
        .OfType<string>();
}
