using System.Net;
using System.Text.RegularExpressions;
using OriginGuard.RealServers.Tests.Packages;
using OriginGuard.Sample;
using Xunit;
using YamlDotNet.Serialization;

namespace OriginGuard.RealServers.Tests.Container;

/// <summary>
/// The files by which the sample runs in containers, without an engine: what they say is read by a parser and done by hand, the origin in this process and the proxy by a real
/// nginx, on other addresses.
/// </summary>
public sealed partial class ContainerFilesTests
{
    private const string Folder = "src/OriginGuard.Sample/Container";
    private const string Secret = "a-secret-of-thirty-two-octets-001";
    private const string Proxy = "127.50.0.9";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_comes_through_the_proxy_of_the_compose_file_is_admitted_and_nobody_else()
    {
        var services = Services();
        var front = services["front"];
        var (network, address) = (Environment(services["origin"])["OriginGuard__SourceAddress__Networks__0"], AddressOf(front));
        Assert.Equal($"{address}/32", network);
        Assert.Equal($"{AddressOf(services["origin"])}:{PortOf(services["origin"])}", Environment(front)["ORIGIN"]);

        var environment = Variables().Concat(Environment(services["origin"])).Select(static variable => (Key: variable.Key.Replace("__", ":", StringComparison.Ordinal), variable.Value));
        await using var origin = await SampleHost.StartAsync(
            ["--urls=http://127.0.0.1:0", .. environment.Where(static setting => setting.Key.Contains(':', StringComparison.Ordinal)).Select(setting => $"--{setting.Key}={setting.Value.Replace(address, Proxy, StringComparison.Ordinal)}")],
            cancellationToken: Stop);
        var url = new Uri(origin.Urls.Single());
        await using var proxy = await NginxAsync(PortOf(front), url.Authority);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(new Uri($"http://{proxy.EndPoint}/")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(new Uri($"http://{proxy.EndPoint}/"), ("X-Origin-Guard", "the client's own")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(url));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(url, ("X-Origin-Guard", Secret)));
    }

    [Fact]
    public void What_the_compose_file_names_is_there()
    {
        var services = Services();
        var build = Map(services["origin"]["build"]);

        Assert.Equal(Source.Root, Path.GetFullPath(Path.Combine(Source.Root, Folder, (string)build["context"])));
        Assert.Equal($"{Folder}/Dockerfile", build["dockerfile"]);
        Assert.Equal(Instructions("ARG").Order(), Map(build["args"]).Keys.Order());
        Assert.All(((List<object>)services["front"]["volumes"]).Cast<string>(), static volume => Assert.True(File.Exists(Path.Combine(Source.Root, Folder, volume.Split(':')[0]))));
        Assert.Equal(PortOf(services["origin"]), Variables()["ASPNETCORE_HTTP_PORTS"]);
        Assert.Equal([PortOf(services["origin"])], Instructions("EXPOSE"));
        Assert.All(services.Values.SelectMany(static service => ((List<object>)service["ports"]).Cast<string>()), static port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
    }

    [Fact]
    public void The_image_starts_the_sample_as_a_user_without_rights_and_holds_no_secret()
    {
        Assert.Equal([$"""["dotnet", "{typeof(SampleHost).Assembly.GetName().Name}.dll"]"""], Instructions("ENTRYPOINT"));
        Assert.Equal(["$APP_UID"], Instructions("USER"));
        Assert.Equal(["${SDK_IMAGE} AS build", "${ASPNET_IMAGE}"], Instructions("FROM"));
        Assert.Contains(Instructions("RUN").Single().Split(' '), word => Directory.Exists(Path.Combine(Source.Root, word)) && word.StartsWith("src/", StringComparison.Ordinal));
        Assert.DoesNotContain(Variables().Keys.Concat(Instructions("ARG")), static name => name.Contains("SECRET", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(".github/dependabot.yml")]
    [InlineData(".github/workflows/ci.yml")]
    [InlineData(".github/workflows/release.yml")]
    [InlineData(".github/ISSUE_TEMPLATE/config.yml")]
    [InlineData(".github/ISSUE_TEMPLATE/load-balancer.yml")]
    [InlineData(".github/ISSUE_TEMPLATE/not-admitted.yml")]
    public void A_file_for_the_platform_parses(string path) =>
        Assert.NotEmpty(Map(new DeserializerBuilder().WithDuplicateKeyChecking().Build().Deserialize<object>(Source.Read(path))));

    private static Task<RealServer> NginxAsync(string port, string origin) => RealServer.StartAsync(ServerProgram.Nginx, setup =>
    {
        // As the image fills the template in, and on other addresses.
        var site = Source.Read($"{Folder}/front.conf.template")
            .Replace("${ORIGIN}", origin, StringComparison.Ordinal)
            .Replace("${ORIGIN_SECRET}", Secret, StringComparison.Ordinal)
            .Replace($"listen {port};", $"listen {setup.EndPoint}; proxy_bind {Proxy};", StringComparison.Ordinal);
        var path = setup.Write("nginx.conf", $$"""
            daemon off; master_process off; worker_processes 1;
            pid "{{setup.PathOf("nginx.pid")}}"; error_log stderr warn;
            events { worker_connections 64; }
            http {
            access_log off;
            client_body_temp_path "{{setup.PathOf("t1")}}"; proxy_temp_path "{{setup.PathOf("t2")}}";
            fastcgi_temp_path "{{setup.PathOf("t3")}}"; uwsgi_temp_path "{{setup.PathOf("t4")}}"; scgi_temp_path "{{setup.PathOf("t5")}}";
            {{site}}
            }
            """);
        return ["-p", setup.Folder, "-e", "stderr", "-c", path];
    });

    private static async Task<HttpStatusCode> StatusAsync(Uri url, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await client.SendAsync(request, Stop);
        return response.StatusCode;
    }

    private static Dictionary<string, Dictionary<object, object>> Services() =>
        Map(Map(new DeserializerBuilder().WithDuplicateKeyChecking().Build().Deserialize<object>(Source.Read($"{Folder}/compose.yaml")))["services"])
            .ToDictionary(static service => (string)service.Key, static service => Map(service.Value));

    private static Dictionary<object, object> Map(object node) => Assert.IsType<Dictionary<object, object>>(node);

    /// <summary>The variables of a service, with those of the shell put in.</summary>
    private static Dictionary<string, string> Environment(Dictionary<object, object> service) =>
        Map(service["environment"]).ToDictionary(static variable => (string)variable.Key, static variable => SecretVariable().Replace((string)variable.Value, Secret));

    private static string AddressOf(Dictionary<object, object> service) => (string)Map(Map(service["networks"])["edge"])["ipv4_address"];

    /// <summary>The port inside the container.</summary>
    private static string PortOf(Dictionary<object, object> service) => ((string)((List<object>)service["ports"]).Single()).Split(':')[^1];

    private static List<string> Instructions(string name) =>
        [.. Source.Read($"{Folder}/Dockerfile").Split('\n').Where(line => line.StartsWith(name + ' ', StringComparison.Ordinal)).Select(line => line[(name.Length + 1)..])];

    private static Dictionary<string, string> Variables() => Instructions("ENV").SelectMany(static line => line.Split(' ')).ToDictionary(static part => part.Split('=')[0], static part => part.Split('=')[1]);

    [GeneratedRegex(@"\$\{ORIGIN_SECRET:\?[^}]+\}")]
    private static partial Regex SecretVariable();
}
