using System.Globalization;
using Microsoft.Extensions.Options;

namespace OriginGuard.Sample.Settings;

/// <summary>The keys of the section <c>Sample</c>: what surrounds the guarded origin.</summary>
internal sealed record SampleSettings
{
    private const string Section = "Sample";

    /// <summary>Whether load balancer, DNS server and key endpoint are simulated, or the origin stands alone.</summary>
    public bool Simulator { get; private init; } = true;

    /// <summary>Where the simulated load balancer listens; 0 for any free port.</summary>
    public int SimulatorPort { get; private init; } = 8081;

    /// <summary>Where the DNS server listens; 0, the default, for any free port.</summary>
    public int DnsPort { get; private init; }

    /// <summary>Whether the load balancer signs every request in, as Identity-Aware Proxy does, and the guard asks for it.</summary>
    public bool Iap { get; private init; }

    /// <summary>Whether the origin's listeners refuse strangers on the connection, before there is a request.</summary>
    public bool ConnectionGuard { get; private init; }

    public static SampleSettings Read(IConfiguration configuration)
    {
        List<string> mistakes = [];
        var section = configuration.GetSection(Section);
        var defaults = new SampleSettings();
        var settings = new SampleSettings
        {
            Simulator = Flag(section, nameof(Simulator), defaults.Simulator, mistakes),
            SimulatorPort = Port(section, nameof(SimulatorPort), defaults.SimulatorPort, mistakes),
            DnsPort = Port(section, nameof(DnsPort), defaults.DnsPort, mistakes),
            Iap = Flag(section, nameof(Iap), defaults.Iap, mistakes),
            ConnectionGuard = Flag(section, nameof(ConnectionGuard), defaults.ConnectionGuard, mistakes),
        };
        return mistakes.Count == 0 ? settings : throw new OptionsValidationException(Section, typeof(SampleSettings), mistakes);
    }

    private static bool Flag(IConfigurationSection section, string name, bool otherwise, List<string> mistakes)
    {
        if (section[name] is not { } text)
        {
            return otherwise;
        }

        if (!bool.TryParse(text, out var value))
        {
            mistakes.Add($"{Section}:{name} is \"{text}\"; true or false is needed. Correct it or remove the key to use the default, {(otherwise ? "true" : "false")}.");
        }

        return value;
    }

    private static int Port(IConfigurationSection section, string name, int otherwise, List<string> mistakes)
    {
        if (section[name] is not { } text)
        {
            return otherwise;
        }

        if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            mistakes.Add($"{Section}:{name} is \"{text}\"; a port from 0 (any free one) to 65535 is needed. Correct it or remove the key to use the default, {otherwise}.");
        }

        return value;
    }
}
