using System.Globalization;

namespace OriginGuard.RealServers.Tests.Proxies;

/// <summary>An answer as it came over the wire.</summary>
internal sealed record WireAnswer(string Text)
{
    public int Status => int.Parse(Text.Split(' ', 3)[1], CultureInfo.InvariantCulture);

    public Sighting Seen => Sighting.Parse(Text
        .Split("\r\n")
        .Select(line => line.Split(':', 2))
        .Single(line => line[0].Equals(Sighting.Header, StringComparison.OrdinalIgnoreCase))[1]);
}
