using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using OriginGuard.Ranges;
using OriginGuard.Tool.Field;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Probe;

/// <summary>Tries every address of the origin in every disguise, and gathers what the load balancer would say of the endpoint.</summary>
internal sealed class ProbeRun(ProbeSettings settings, ToolContext context)
{
    // An attacker tries them all; who publishes more has other worries.
    private const int MostAddresses = 8;

    private readonly List<ProbeFinding> _findings = [];
    private readonly List<ProbeAttempt> _attempts = [];

    public ProbeSettings Settings => settings;

    public IReadOnlyList<ProbeFinding> Findings => _findings;

    public IReadOnlyList<ProbeAttempt> Attempts => _attempts;

    /// <summary>The worst of them.</summary>
    public ProbeVerdict Verdict => _attempts.Count == 0 ? ProbeVerdict.Unknown : _attempts.Max(static attempt => attempt.Verdict);

    public async Task RunAsync(IPEndPoint? connect, CancellationToken cancellationToken)
    {
        IPEndPoint[] addresses = connect is not null ? [connect] : [.. (await AddressesAsync(cancellationToken)).Select(address => new IPEndPoint(address, settings.Url.Port))];
        var targets = addresses.Take(MostAddresses);
        _findings.Add(EndpointRules.Protocol(settings.Url));
        _findings.Add(EndpointRules.Address([.. addresses.Select(static target => target.Address)], settings.IsNamed && connect is null));
        IReadOnlyList<ProbeFinding> certificate = [];
        foreach (var target in targets)
        {
            var probe = new OriginProbe(settings, target, context);
            await TryAsync(probe, target, cancellationToken);

            // The load balancer goes to the first address.
            certificate = certificate.Count > 0 ? certificate : probe.Certificate;
        }

        _attempts.AddRange(addresses.Skip(MostAddresses).Select(static address => new ProbeAttempt(
            address, "none", ProbeVerdict.Unknown, null, $"not tried: it is beyond the first {MostAddresses}; --connect tries it", HasConnected: false)));
        if (_attempts.Find(static attempt => attempt.Status is not null) is { } answered)
        {
            context.Progress.Say("large headers");
            _findings.Add(EndpointRules.RequestHeaders(await new OriginProbe(settings, answered.Address, context)
                .SendAsync("large headers", HeaderLine.Padding(EndpointRules.LargeHeaders), cancellationToken), answered));
            if (settings.WaitsIdle)
            {
                _findings.Add(await new IdleConnection(settings, answered.Address, context).LookAsync(cancellationToken));
            }
        }

        _findings.AddRange(certificate);
        if (certificate.Count == 0 && settings.Url.Scheme == Uri.UriSchemeHttps)
        {
            _findings.Add(new ProbeFinding(
                "certificate", null, settings.IsNamed ? "not seen" : "not looked at: the load balancer checks none for an endpoint by address"));
        }
    }

    private async Task TryAsync(OriginProbe probe, IPEndPoint target, CancellationToken cancellationToken)
    {
        var wrong = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var address = BuiltInRanges.Networks[0].BaseAddress.ToString();
        (string Disguise, HeaderLine[] Headers)[] disguises =
        [
            ("none", []),
            ($"{settings.Header} with a wrong secret", [new HeaderLine(settings.Header, wrong)]),
            ($"X-Forwarded-For: {address}", [new HeaderLine("X-Forwarded-For", address)]),
        ];
        foreach (var (disguise, headers) in disguises)
        {
            context.Progress.Say($"directly at {target.Address}, disguise: {disguise}");
            var attempt = await probe.SendAsync(disguise, headers, cancellationToken);
            _attempts.Add(attempt);
            if (!attempt.HasConnected)
            {
                return;
            }
        }
    }

    private async Task<IPAddress[]> AddressesAsync(CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(settings.Url.IdnHost, out var literal))
        {
            return [literal];
        }

        try
        {
            var addresses = await context.ResolveAsync(settings.Url.IdnHost, cancellationToken);
            return addresses.Length > 0 ? addresses : throw new ToolFailure($"{settings.Url.IdnHost} has no address.");
        }
        catch (SocketException failure)
        {
            throw new ToolFailure($"{settings.Url.IdnHost} cannot be resolved ({failure.SocketErrorCode}). Use --connect to name the address.");
        }
    }
}
