using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using OriginGuard.Configuration;
using OriginGuard.Dns;
using OriginGuard.ForeignText;
using OriginGuard.PublishedLists;
using OriginGuard.Tool.Formats;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Ranges;

/// <summary><c>originguard ranges</c>: the published addresses, as a list or as rules for what stands in front of the origin.</summary>
internal sealed class RangesCommand
{
    private const string Description = "Print the networks that the load balancer reaches the origin from, as the records publish them.";

    private const string Notes = """
        The same resolver and the same rules as the guard's. A record that cannot be resolved, or that breaks a rule,
        prints nothing and ends with 2: there is never an empty or a partial rule set. So does an answer of Google's own
        record that Google's lists (goog.json, cloud.json) deny.

        The record publishes where Internet NEGs of a global load balancer are reached from, and nothing else: rules for a VM or a GKE node, or for an origin behind a regional
        load balancer, need --platform.

        Examples:
          originguard ranges --doh https://dns.google/dns-query --json
          originguard ranges --format nftables --network 198.51.100.7/32 --output originguard.nft
          originguard ranges --platform GoogleCloudBackend --format nginx
        """;

    private const int Ssh = 22;

    private readonly Option<OriginPlatform> _platform = new("--platform")
    {
        Description = $"What the origin stands on, as in the guard's Platform: {string.Join('|', RangePreset.Names)}",
        HelpName = "name",
        DefaultValueFactory = static _ => OriginPlatform.InternetNeg,
    };

    private readonly Option<string[]?> _records = new("--record")
    {
        Description = $"TXT record to resolve; may be repeated. [default: the platform's, {SourceAddressOptions.GoogleRecordName} or none]",
        HelpName = "name",
    };

    private readonly Option<string[]> _servers = new("--server")
    {
        Description = "DNS server to ask, with port 53 unless another is given; may be repeated. [default: the system's]",
        HelpName = "address[:port]",
    };

    private readonly Option<string?> _https = new("--doh")
    {
        Description = "DNS over HTTPS instead, such as https://dns.google/dns-query",
        HelpName = "url",
    };

    private readonly Option<RangeFormat> _format = new("--format") { Description = $"What to print: {RangeFormats.Names}", HelpName = "format" };
    private readonly Option<bool> _json = new("--json") { Description = "Short for --format json" };

    private readonly Option<int[]> _ports = new("--port")
    {
        Description = "Port of the origin to guard, for nftables and iptables; may be repeated",
        HelpName = "port",
        DefaultValueFactory = static _ => [443],
    };

    private readonly Option<RangeFamily> _family = new("--family")
    {
        Description = "Which of the two files that iptables needs",
        HelpName = "ipv4|ipv6",
    };

    private readonly Option<bool> _aggregate = new("--aggregate")
    {
        Description = "Print the fewest networks that hold the same addresses",
    };

    private readonly Option<bool> _watch = new("--watch")
    {
        Description = "Ask again as the record's time to live says, and print what changes until Ctrl+C; with text or json",
    };

    private readonly Option<bool> _noLists = new("--no-lists")
    {
        Description = "Believe DNS alone: do not compare Google's record with the lists that Google publishes over HTTPS",
    };

    private readonly Option<string[]> _networks = new("--network")
    {
        Description = "Network of your own to let in as well, such as 192.0.2.0/24; may be repeated",
        HelpName = "cidr",
    };

    private readonly Option<string?> _output = new("--output")
    {
        Description = "Write into this file, whole or not at all: a failure leaves what is there",
        HelpName = "file",
    };

    private readonly ToolContext _context;

    private RangesCommand(ToolContext context)
    {
        _context = context;
        _platform.AcceptOnlyFromAmong(StringComparer.Ordinal, RangePreset.Names);
        RangeFormats.Accept(_format);
        _family.AcceptOnlyFromAmong(StringComparer.Ordinal, "ipv4", "ipv6");
    }

    public static Command Create(ToolContext context)
    {
        var self = new RangesCommand(context);
        var command = new NotedCommand("ranges", Description, Notes)
        {
            self._platform, self._records, self._servers, self._https, self._format, self._json, self._ports, self._family, self._aggregate, self._watch, self._noLists, self._networks, self._output,
        };
        command.SetAction(self.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var format = parsed.GetValue(_json) ? RangeFormat.Json : parsed.GetValue(_format);
        var preset = RangePreset.Of(parsed.GetValue(_platform), IsGiven(parsed, _records) ? parsed.GetValue(_records) : null);
        Usage.ThrowAny(parsed, [.. Mistakes(parsed), .. MistakesOfPreset(parsed, preset), .. MistakesOfFormat(parsed, format)]);
        var limits = new SourceAddressOptions { Corroboration = parsed.GetValue(_noLists) ? CorroborationMode.Off : CorroborationMode.On };
        var own = StrictNetwork.ReadAll(parsed.GetValue(_networks) ?? []);
        if (WeakNetworks.Find([.. own], "--network") is { } weak)
        {
            await _context.NoteAsync(weak);
        }

        var lookup = new RangeLookup(preset, CreateResolver(parsed), limits, own, _context);
        if (parsed.GetValue(_watch))
        {
            var watch = new RangeWatch(lookup, limits, _context, format is RangeFormat.Json);
            return await watch.RunAsync(cancellationToken);
        }

        var ranges = await lookup.LoadAsync(cancellationToken);
        var scope = new RuleScope([.. parsed.GetValue(_ports)!.Distinct().Order()], parsed.GetValue(_family));
        var text = RangeFormats.Render(format, parsed.GetValue(_aggregate) ? ranges.Aggregate() : ranges, scope);
        if (parsed.GetValue(_output) is { } path)
        {
            OutputFile.Write(path, text, "--output");
        }
        else
        {
            await _context.PrintAsync(text);
        }

        return ExitCode.Ok;
    }

    private StubResolver CreateResolver(ParseResult parsed)
    {
        var options = new DnsOptions
        {
            Servers = parsed.GetValue(_servers) ?? [],
            HttpsEndpoint = parsed.GetValue(_https) is { } url ? new Uri(url) : null,
        };
        return new StubResolver(() => options, _context.Time, HttpsTransport.CreateClient, NullLogger<StubResolver>.Instance);
    }

    private IEnumerable<string> Mistakes(ParseResult parsed)
    {
        if (!Array.TrueForAll(parsed.GetValue(_records) ?? [], static record => DomainName.IsValid(record)))
        {
            yield return "--record needs a domain name (RFC 1035).";
        }

        if (!Array.TrueForAll(parsed.GetValue(_servers)!, static server => NameServers.TryParse(server, out _)))
        {
            yield return "--server needs an address or address:port, such as 8.8.8.8 or [2001:4860:4860::8888]:53.";
        }

        if (!Array.TrueForAll(parsed.GetValue(_networks) ?? [], static text => StrictNetwork.TryParse(text, out var network) && network.PrefixLength > 0))
        {
            yield return $"--network: {StrictNetwork.Rule}, and no network of every address.";
        }

        if (parsed.GetValue(_https) is { } https && !IsSecure(https))
        {
            yield return "--doh needs an https address without user and fragment, or plain http towards loopback.";
        }

        if (parsed.GetValue(_https) is not null && IsGiven(parsed, _servers))
        {
            yield return "--doh and --server exclude each other.";
        }
    }

    private IEnumerable<string> MistakesOfPreset(ParseResult parsed, RangePreset preset)
    {
        if (preset is { Records: [], Networks: [] } && !IsGiven(parsed, _networks))
        {
            yield return $"--platform {preset.Platform} has no record and no network of its own: name those of your Cloud NAT by --network.";
        }

        if (preset is { Records: [] } && parsed.GetValue(_watch))
        {
            yield return $"--watch has nothing to watch: --platform {preset.Platform} has no record.";
        }
    }

    private IEnumerable<string> MistakesOfFormat(ParseResult parsed, RangeFormat format)
    {
        if (parsed.GetValue(_json) && IsGiven(parsed, _format) && parsed.GetValue(_format) is not RangeFormat.Json)
        {
            yield return "--json and --format exclude each other.";
        }

        if (parsed.GetValue(_watch) && format is not (RangeFormat.Text or RangeFormat.Json))
        {
            yield return "--watch prints text or json, not rules.";
        }

        if (parsed.GetValue(_watch) && parsed.GetValue(_aggregate))
        {
            yield return "--watch prints what changes, as the record has it, and not the aggregate.";
        }

        if (parsed.GetValue(_watch) && parsed.GetValue(_output) is not null)
        {
            yield return "--watch prints what changes and writes no file; run the command again instead.";
        }

        if (IsGiven(parsed, _ports) && format is not (RangeFormat.Nftables or RangeFormat.Iptables))
        {
            yield return "--port is for nftables and iptables.";
        }

        if (IsGiven(parsed, _family) && format is not RangeFormat.Iptables)
        {
            yield return "--family is for iptables.";
        }

        var ports = parsed.GetValue(_ports)!;
        if (ports.Any(static port => port is < 1 or > 65535))
        {
            yield return "--port needs a number from 1 to 65535.";
        }

        if (ports.Contains(Ssh))
        {
            yield return "--port 22 is refused: the rules would close ssh to you.";
        }
    }

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static bool IsSecure(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && Require.IsSecure(uri) && uri is { UserInfo.Length: 0, Fragment.Length: 0 };
}
