using System.Net;
using Microsoft.Extensions.Logging;
using OriginGuard.Dns;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.RealServers.Tests.Dns;

/// <summary>Recipes for real DNS servers that hold the record that Google publishes, and one that is too big for UDP.</summary>
internal static class DnsServers
{
    public const string Zone = "googleusercontent.com";
    public const string Name = "_cloud-eoips." + Zone;
    public const string BigName = "_big." + Zone;
    public const string AddressOnlyName = "ns." + Zone;
    public const string MissingName = "_missing." + Zone;
    public const string ForeignName = "_cloud-eoips.example.org";

    public static readonly string[] Strings = ["v=spf1 ip4:34.96.0.0/20 ip4:34.12", "7.192.0/18 ~all"];

    /// <summary>25 strings of 255 characters: more than any payload size over UDP.</summary>
    public static readonly string[] BigStrings = [.. Enumerable.Range(0, 25).Select(i => new string((char)('a' + i), 255))];

    public static string Text => string.Concat(Strings);

    public static string BigText => string.Concat(BigStrings);

    private static string ZoneFile => $"""
        $ORIGIN {Zone}.
        $TTL 60
        @ SOA ns hostmaster 1 3600 600 86400 60
        @ NS ns
        ns A 127.0.0.1
        _cloud-eoips TXT {Quote(Strings)}
        _big TXT ( {Quote(BigStrings)} )
        _alias CNAME _cloud-eoips

        """;

    public static Task<RealServer> StartAsync(string program) => program switch
    {
        "bind" => StartBindAsync(),
        "nsd" => StartNsdAsync(),
        "unbound" => StartUnboundAsync(LocalData),
        _ => StartDnsmasqAsync(),
    };

    public static Task<RealServer> StartBindAsync(Func<ServerSetup, string>? tls = null, Func<ServerSetup, string>? listen = null) =>
        RealServer.StartAsync(ServerProgram.Bind, setup =>
        {
            setup.Write("db.zone", ZoneFile);
            var path = setup.Write("named.conf", $$"""
                {{tls?.Invoke(setup)}}
                options {
                  directory "{{setup.Folder}}"; managed-keys-directory "{{setup.Folder}}";
                  pid-file none; session-keyfile "{{setup.PathOf("session.key")}}";
                  listen-on port {{setup.Port}} { 127.0.0.1; }; listen-on-v6 { none; };
                  {{listen?.Invoke(setup)}}
                  recursion no; dnssec-validation no; notify no;
                };
                controls { };
                zone "{{Zone}}" { type primary; file "db.zone"; };
                """);
            return ["-g", "-n", "1", "-c", path];
        }, AnswersAsync);

    public static Task<RealServer> StartNsdAsync() => RealServer.StartAsync(ServerProgram.Nsd, setup =>
    {
        setup.Write("db.zone", ZoneFile);
        var path = setup.Write("nsd.conf", $"""
            server:
              ip-address: 127.0.0.1@{setup.Port}
              username: ""
              chroot: ""
              zonesdir: "{setup.Folder}"
              pidfile: "{setup.PathOf("nsd.pid")}"
              xfrdfile: ""
              xfrdir: "{setup.Folder}"
              zonelistfile: "{setup.PathOf("zone.list")}"
              cookie-secret-file: ""
              server-count: 1
            remote-control:
              control-enable: no
            zone:
              name: {Zone}
              zonefile: db.zone
            """);
        return ["-d", "-c", path];
    }, AnswersAsync);

    /// <summary>Unbound with what it serves or whom it asks; <paramref name="server"/> adds to its server section.</summary>
    public static Task<RealServer> StartUnboundAsync(string clauses, Func<ServerSetup, string>? server = null) =>
        RealServer.StartAsync(ServerProgram.Unbound, setup =>
        {
            var path = setup.Write("unbound.conf", $"""
                server:
                  interface: 127.0.0.1@{setup.Port}
                  port: {setup.Port}
                  username: ""
                  chroot: ""
                  directory: "{setup.Folder}"
                  pidfile: "{setup.PathOf("pid")}"
                  use-syslog: no
                  do-ip6: no
                  do-not-query-localhost: no
                  module-config: "iterator"
                  num-threads: 1
                  local-data: 'ready.test. 60 IN TXT "ready"'
                {server?.Invoke(setup)}
                {clauses}
                remote-control:
                  control-enable: no
                """);
            return ["-d", "-c", path];
        }, (unbound, token) => AnswersAsync(unbound, "ready.test", token));

    public static Task<RealServer> StartDnsmasqAsync() => RealServer.StartAsync(ServerProgram.Dnsmasq, setup =>
    [
        "-d", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--listen-address=127.0.0.1", "--bind-interfaces",
        $"--port={setup.Port}",
        $"--user={Environment.UserName}", "--pid-file=", $"--local=/{Zone}/", $"--host-record={AddressOnlyName},127.0.0.1",
        $"--txt-record={Name},{string.Join(',', Strings)}", $"--txt-record={BigName},{string.Join(',', BigStrings)}",
    ], AnswersAsync);

    /// <summary>A resolver as the guard has it, with the real clock.</summary>
    public static StubResolver CreateResolver(
        IPEndPoint server, LogRecorder? log = null, Uri? httpsEndpoint = null, Func<HttpClient>? createHttpClient = null)
    {
        var options = new DnsOptions
        {
            Servers = [server.ToString()],
            HttpsEndpoint = httpsEndpoint,
            Timeout = TimeSpan.FromSeconds(10),
            Attempts = 2,
        };
        return new StubResolver(
            () => options,
            TimeProvider.System,
            createHttpClient ?? HttpsTransport.CreateClient,
            new Logger<StubResolver>(log ?? new LogRecorder()));
    }

    public static async Task<TxtAnswer> ResolveAsync(RealServer server, string name, LogRecorder? log = null) =>
        await CreateResolver(server.EndPoint, log).ResolveTxtAsync(name, TestContext.Current.CancellationToken);

    public static string LocalData => $"""
          local-zone: "{Zone}." static
          local-zone: "example.org." refuse
          local-data: '{AddressOnlyName}. 60 IN A 127.0.0.1'
          local-data: '{Name}. 60 IN TXT {Quote(Strings)}'
          local-data: '{BigName}. 60 IN TXT {Quote(BigStrings)}'
        """;

    private static Task<bool> AnswersAsync(RealServer server, CancellationToken cancellationToken) =>
        AnswersAsync(server, Name, cancellationToken);

    private static async Task<bool> AnswersAsync(RealServer server, string name, CancellationToken cancellationToken) =>
        (await CreateResolver(server.EndPoint).ResolveTxtAsync(name, cancellationToken)).Succeeded;

    private static string Quote(string[] strings) => string.Join(' ', strings.Select(text => $"\"{text}\""));
}
