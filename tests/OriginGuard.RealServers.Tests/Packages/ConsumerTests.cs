using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.RealServers.Tests.Packages;

/// <summary>Users who have the packages and the readme, and nothing else of this repository.</summary>
[Collection(PackedPackages.Name)]
public sealed class ConsumerTests(PackedPackages packages)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_users_test_project_sees_200_through_the_load_balancer_and_403_around_it()
    {
        var folder = packages.CreateFolder("Shop.Tests");
        var code = Source.Blocks(Source.Read("src/OriginGuard.Testing/README.md"), "csharp");
        await File.WriteAllTextAsync(Path.Combine(folder, "Shop.Tests.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <FrameworkReference Include="Microsoft.AspNetCore.App" />
                <PackageReference Include="OriginGuard" Version="{packages.Version}" />
                <PackageReference Include="OriginGuard.Testing" Version="{packages.Version}" />
                <PackageReference Include="Microsoft.NET.Test.Sdk" Version="{Source.VersionOf("Microsoft.NET.Test.Sdk")}" />
                <PackageReference Include="xunit.runner.visualstudio" Version="{Source.VersionOf("xunit.runner.visualstudio")}" />
                <PackageReference Include="xunit.v3" Version="{Source.VersionOf("xunit.v3")}" />
              </ItemGroup>
            </Project>
            """, Token);
        await File.WriteAllTextAsync(Path.Combine(folder, "GuardTests.cs"), $$"""
            using System.Net;
            using System.Security.Claims;
            using Microsoft.AspNetCore.Builder;
            using Microsoft.AspNetCore.TestHost;
            using Microsoft.Extensions.DependencyInjection;
            using OriginGuard;
            using OriginGuard.Testing;
            using Xunit;

            public sealed class GuardTests
            {
            {{string.Join("\n\n", code)}}
            }
            """, Token);

        var output = await DotnetCommand.RunAsync(folder, "test");

        Assert.Matches(@"Failed:\s+0, Passed:\s+1, Skipped:\s+0, Total:\s+1", output);
    }

    [Fact]
    public async Task A_new_application_with_the_lines_of_the_readme_is_guarded()
    {
        var (program, folder, secret) = await ShopAsync();
        await using var shop = await StartAsync(program, folder, "--OriginGuard:Mode=Enforce");
        var origin = new Uri($"http://{shop.EndPoint}/");
        using var stranger = new HttpClient { DefaultRequestHeaders = { { "X-Origin-Guard", secret } } };
        using var loadBalancer = SimulatedLoadBalancer.CreateDirectClient(origin, IPAddress.Parse("127.50.0.1"));
        using var withoutSecret = await loadBalancer.GetAsync(origin, Token);
        using var direct = await stranger.GetAsync(origin, Token);
        loadBalancer.DefaultRequestHeaders.Add("X-Origin-Guard", secret);

        Assert.Equal("Hello World!", await loadBalancer.GetStringAsync(origin, Token));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (withoutSecret.StatusCode, direct.StatusCode));

        // As the readme has it: nothing is refused, and what would have been is told.
        await using var reporting = await StartAsync(program, folder);
        using var anyone = new HttpClient();

        Assert.Equal("Hello World!", await anyone.GetStringAsync(new Uri($"http://{reporting.EndPoint}/"), Token));
        await reporting.WaitForOutputAsync("address.outside_ranges");
    }

    [Fact]
    public async Task A_project_of_an_older_framework_is_told_which_one_the_package_needs()
    {
        var folder = packages.CreateFolder("Older");
        await File.WriteAllTextAsync(Path.Combine(folder, "Older.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net9.0</TargetFramework>
                <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="OriginGuard" Version="{packages.Version}" />
              </ItemGroup>
            </Project>
            """, Token);

        var output = await DotnetCommand.FailAsync(folder, "restore");

        Assert.Contains("NU1202", output, StringComparison.Ordinal);
        Assert.Contains("net10.0 (.NETCoreApp,Version=v10.0)", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "ymmword")]
    [InlineData(false, "xmmword")]
    public async Task The_comparison_of_the_secret_is_machine_code_that_no_secret_can_steer(bool isWide, string vectors)
    {
        MachineCodeTests.RequireX64(isWide);
        var (program, folder, secret) = await ShopAsync();
        var listing = Path.Combine(folder, $"listing.{vectors}.txt");
        await using var shop = await StartAsync(
            program, folder, environment: ["DOTNET_JitDisasm=FindByVectors", $"DOTNET_JitStdOutFile={listing}", $"DOTNET_EnableAVX2={(isWide ? 1 : 0)}"]);
        using var loadBalancer = SimulatedLoadBalancer.CreateDirectClient(new Uri($"http://{shop.EndPoint}/"), IPAddress.Parse("127.50.0.1"));
        loadBalancer.DefaultRequestHeaders.Add("X-Origin-Guard", secret);
        await loadBalancer.GetStringAsync(new Uri("/", UriKind.Relative), Token);
        await shop.StopAsync();

        var code = MachineCode.Read(await File.ReadAllTextAsync(listing, Token), "FindByVectors");

        // That it is the comparison, whole and optimized: it loads vectors, jumps back, and returns.
        Assert.Contains(code, one => one.StartsWith('v') && one.Contains($"{vectors} ptr [", StringComparison.Ordinal));
        Assert.Contains(code, static one => one.StartsWith("jb ", StringComparison.Ordinal));
        Assert.Equal("ret", code[^1]);
        Assert.Empty(MachineCode.Flaws(code));
    }

    [Fact]
    public async Task A_new_project_of_the_template_is_guarded_and_begins_by_reporting()
    {
        const string Secret = "a-secret-of-the-template-s-test-01";
        const string Setting = "OriginGuard:SharedSecret:Secrets:0";
        var folder = packages.CreateFolder("Fresh");
        var hive = packages.CreateFolder("hive");
        await DotnetCommand.RunAsync(folder, "new", "install", packages.PathOf("OriginGuard.Templates"), "--debug:custom-hive", hive);
        await DotnetCommand.RunAsync(folder, "new", "originguard", "--platform", "GoogleCloudBackend", "--no-update-check", "--debug:custom-hive", hive);
        await DotnetCommand.RunAsync(folder, hive, ["user-secrets", "init"]);
        await DotnetCommand.RunAsync(folder, hive, ["user-secrets", "set", Setting, Secret]);
        await DotnetCommand.RunAsync(folder, "build", "--output", "built");
        var program = Path.Combine(folder, "built", "Fresh.dll");
        var launch = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "Properties", "launchSettings.json"), Token))!["profiles"]!["http"]!["environmentVariables"]!.AsObject();

        // As dotnet run starts it, and with the user secrets of the readme.
        await using var reporting = await StartAsync(program, folder, [.. launch.Select(static variable => $"{variable.Key}={variable.Value}"), $"HOME={hive}"], []);
        using var anyone = new HttpClient();
        Assert.Equal("Hello from behind the load balancer.", await anyone.GetStringAsync(new Uri($"http://{reporting.EndPoint}/"), Token));
        await reporting.WaitForOutputAsync("platform GoogleCloudBackend");

        // Its limits are those of the load balancer: the guard warns of none.
        await reporting.WaitForOutputAsync("address.outside_ranges");
        Assert.DoesNotContain("Limits.", reporting.Output, StringComparison.Ordinal);
        await reporting.WaitForOutputAsync("SharedSecret (report only)"); // a layer, and not the warning that there is none

        await using var enforcing = await StartAsync(program, folder, $"--{Setting}={Secret}", "--OriginGuard:Mode=Enforce");
        var origin = new Uri($"http://{enforcing.EndPoint}/");
        using var loadBalancer = SimulatedLoadBalancer.CreateDirectClient(origin, IPAddress.Parse("127.50.0.1"));
        loadBalancer.DefaultRequestHeaders.Add("X-Origin-Guard", Secret);
        using var refused = await anyone.GetAsync(origin, Token);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("Hello from behind the load balancer.", await loadBalancer.GetStringAsync(origin, Token));

        // Nobody reads the diagnostics unasked.
        using var diagnostics = await loadBalancer.GetAsync(new Uri(origin, "_originguard"), Token);
        Assert.Equal(HttpStatusCode.NotFound, diagnostics.StatusCode);
    }

    private static Task<RealServer> StartAsync(string program, string folder, params string[] more) => StartAsync(program, folder, [], more);

    private static Task<RealServer> StartAsync(string program, string folder, string[] environment, params string[] more) => RealServer.StartAsync(
        ServerProgram.Env,
        setup =>
        [
            .. environment, ServerProgram.Dotnet.Require(), program, "--urls", $"http://{setup.EndPoint}", "--contentRoot", folder,
            // In place of the record of Google, which a test does not ask for.
            "--OriginGuard:SourceAddress:RecordNames=", "--OriginGuard:SourceAddress:Networks:0=127.50.0.0/16", .. more,
        ],

        // By its own word: while it starts, somebody else may listen on the port for a moment, and would be taken for it.
        static (server, _) => Task.FromResult(server.Output.Contains("Now listening on", StringComparison.Ordinal)));

    private async Task<(string Program, string Folder, string Secret)> ShopAsync() => packages.Shop ??= await BuildShopAsync();

    /// <summary>What the readme says, step by step.</summary>
    private async Task<(string Program, string Folder, string Secret)> BuildShopAsync()
    {
        const string Build = "var app = builder.Build();";
        var readme = Source.Read("README.md");
        var lines = Source.Blocks(readme, "csharp")[0];
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var settings = Source.Blocks(readme, "json")[0].Replace("<32 random bytes in base64url>", secret, StringComparison.Ordinal);
        var folder = packages.CreateFolder("Shop");

        await DotnetCommand.RunAsync(folder, "new", "web", "--no-restore");
        await DotnetCommand.RunAsync(folder, "add", "package", "OriginGuard", "--version", packages.Version);
        var source = await File.ReadAllTextAsync(Path.Combine(folder, "Program.cs"), Token);
        Assert.Contains(Build, source, StringComparison.Ordinal);
        Assert.Contains(Build, lines, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), source.Replace(Build, lines, StringComparison.Ordinal), Token);
        var path = Path.Combine(folder, "appsettings.json");
        var merged = JsonNode.Parse(await File.ReadAllTextAsync(path, Token))!.AsObject(); // the template's file is an object
        merged["OriginGuard"] = JsonNode.Parse(settings)!["OriginGuard"]!.DeepClone(); // and so is the readme's
        await File.WriteAllTextAsync(path, merged.ToJsonString(new JsonSerializerOptions { WriteIndented = true }), Token);
        await DotnetCommand.RunAsync(folder, "build", "--output", "built");
        return (Path.Combine(folder, "built", "Shop.dll"), folder, secret);
    }
}
