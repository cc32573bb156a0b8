using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OriginGuard.Checks;

namespace OriginGuard.RealServers.Tests.Proxies;

/// <summary>A request as the origin saw it, admitted or not.</summary>
/// <param name="Connection">Which of the origin's connections carried it.</param>
/// <param name="Protocol">HTTP/1.1 or HTTP/2.</param>
/// <param name="Verdict">admitted, or the code of the reason.</param>
/// <param name="Peer">Whom the guard judged.</param>
/// <param name="Client">Whom the guard found behind the load balancer.</param>
/// <param name="Lines">The header lines in order, spelled as they came (names that Kestrel knows excepted).</param>
internal sealed record Sighting(string Connection, string Protocol, string Verdict, string? Peer, string? Client, string[][] Lines)
{
    /// <summary>The response header that brings it back to the test.</summary>
    public const string Header = "Seen";

    public static void Report(HttpContext context)
    {
        string[][] lines = [.. context.Request.Headers.SelectMany(field => field.Value.Select(value => new[] { field.Key, value ?? "" }))];
        context.Response.OnStarting(() =>
        {
            var feature = context.Features.GetRequiredFeature<IOriginGuardFeature>();
            var verdict = feature.Verdict.IsAllowed ? feature.Verdict.Outcome.ToName() : feature.Verdict.Reason.ToCode();
            context.Response.Headers[Header] = JsonSerializer.Serialize(new Sighting(
                context.Connection.Id, context.Request.Protocol, verdict, Text(feature.PeerAddress), Text(feature.ClientAddress), lines));
            return Task.CompletedTask;
        });
    }

    public static Sighting Parse(string json) => JsonSerializer.Deserialize<Sighting>(json)!; // Report writes no null

    /// <summary>The values of a header, one for each line.</summary>
    public string[] Values(string name) => [.. Named(name).Select(line => line[1])];

    /// <summary>How a header was spelled.</summary>
    public string Spelling(string name) => Named(name).Select(line => line[0]).Distinct().Single();

    private IEnumerable<string[]> Named(string name) => Lines.Where(line => line[0].Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string? Text(IPAddress? address) => address?.ToString();
}
