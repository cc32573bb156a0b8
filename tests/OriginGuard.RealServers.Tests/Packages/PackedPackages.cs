using System.IO.Compression;
using Xunit;

namespace OriginGuard.RealServers.Tests.Packages;

/// <summary>The packages as a release packs them, under a version that no cache has seen, and a folder where users of them live.</summary>
[CollectionDefinition(Name)]
public sealed class PackedPackages : IAsyncLifetime, ICollectionFixture<PackedPackages>
{
    public const string Name = "packed packages";

    /// <summary>Where the code of this release lies.</summary>
    public const string Home = "https://code.example/originguard";

    // Below the repository: a deterministic build maps the paths of the sources, and these are among them.
    private readonly string _build = Path.Combine(Source.Root, "artifacts", "packed", Guid.NewGuid().ToString("n"));

    // Outside of it: a user has neither its properties nor its versions.
    private readonly string _users = Directory.CreateTempSubdirectory("originguard-users-").FullName;

    public string Version { get; } = $"0.0.0-packed.g{Guid.NewGuid():n}";

    /// <summary>The application that the readme makes, once it is built.</summary>
    public (string Program, string Folder, string Secret)? Shop { get; set; }

    private string Packages => Path.Combine(_users, "feed");

    public async ValueTask InitializeAsync()
    {
        await PackAsync("OriginGuard.Testing", "--configuration", "Release");
        await PackAsync("OriginGuard", "--no-build");
        await PackAsync("OriginGuard.Tool");
        await PackAsync("OriginGuard.Templates");

        // Adds to the sources that this machine has. The packages land in a folder of their own; what is already unpacked here is used from there.
        var unpacked = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await File.WriteAllTextAsync(Path.Combine(_users, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="packed" value="{Packages}" /></packageSources>
            </configuration>
            """);
        await File.WriteAllTextAsync(Path.Combine(_users, "Directory.Build.props"), $"""
            <Project>
              <PropertyGroup>
                <RestorePackagesPath>{Path.Combine(_users, "unpacked")}</RestorePackagesPath>
                <RestoreFallbackFolders>{(Directory.Exists(unpacked) ? unpacked : "")}</RestoreFallbackFolders>
              </PropertyGroup>
            </Project>
            """);
    }

    /// <summary>A folder for a user's project.</summary>
    public string CreateFolder(string name) => Directory.CreateDirectory(Path.Combine(_users, name)).FullName;

    public string PathOf(string package, string extension = "nupkg") => Path.Combine(Packages, $"{package}.{Version}.{extension}");

    public ZipArchive Open(string package, string extension = "nupkg") =>
        ZipFile.OpenRead(PathOf(package, extension));

    public ValueTask DisposeAsync()
    {
        foreach (var folder in new[] { _build, _users }.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>What only a release knows, as .github/workflows/release.yml gives it.</summary>
    private static string[] Release =>
    [
        $"-p:PackageProjectUrl={Home}", $"-p:RepositoryUrl={Home}", $"-p:PackageReleaseNotes={Home}/blob/v1/CHANGELOG.md", $"-p:DocumentationUrl={Home}/blob/v1/docs",
    ];

    private Task<string> PackAsync(string project, params string[] more) => DotnetCommand.RunAsync(
        Source.Root,
        ["pack", $"src/{project}", $"-p:Version={Version}", "-p:ContinuousIntegrationBuild=true", "-p:RestoreLockedMode=true", .. Release, "--artifacts-path", _build, "--output", Packages, .. more]);
}
