using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;
using Xunit;

namespace OriginGuard.RealServers.Tests.Packages;

[Collection(PackedPackages.Name)]
public sealed class PackageContentsTests(PackedPackages packages)
{
    private const string Guard = "OriginGuard";
    private const string Testing = "OriginGuard.Testing";

    [Theory]
    [InlineData(Guard)]
    [InlineData(Testing)]
    public void A_package_holds_the_library_its_documentation_a_readme_and_an_icon_and_nothing_else(string package)
    {
        using var archive = packages.Open(package);
        var files = archive.Entries.Select(entry => entry.FullName).Where(name => !name.StartsWith('_') && !name.StartsWith('[') && !name.StartsWith("package/", StringComparison.Ordinal));

        // The pages that lines of the log name.
        var pages = package == Guard ? Directory.GetFiles(Path.Combine(Source.Root, "docs"), "*", SearchOption.AllDirectories).Select(static page => Path.GetRelativePath(Source.Root, page)) : [];

        // By which editors complete appsettings.json; under its framework, or a project of an older one would take the package for a fitting one.
        string[] schema = package == Guard ? ["ConfigurationSchema.json", "buildTransitive/net10.0/OriginGuard.targets"] : [];
        Assert.Equal(
            new[] { $"{package}.nuspec", "README.md", "icon.png", $"lib/net10.0/{package}.dll", $"lib/net10.0/{package}.xml" }.Concat(pages).Concat(schema).Order(StringComparer.Ordinal),
            files.Order(StringComparer.Ordinal));
        Assert.Equal(Source.Read($"src/{package}/README.md"), Encoding.UTF8.GetString(Read(archive, "README.md")));
        Assert.Equal("\x89PNG", Encoding.Latin1.GetString(Read(archive, "icon.png").AsSpan(0, 4)));
    }

    [Fact]
    public void The_tool_names_the_licence_of_each_library_that_it_holds_and_brings_nothing_for_compilers()
    {
        using var archive = packages.Open("OriginGuard.Tool");
        string[] files = [.. archive.Entries.Select(static entry => entry.FullName).Where(static name => name.StartsWith("tools/", StringComparison.Ordinal)).Select(Path.GetFileName).OfType<string>()];
        var notices = Encoding.UTF8.GetString(Read(archive, "THIRD-PARTY-NOTICES.txt"));

        string[] foreign = [.. files.Where(static file => file.EndsWith(".dll", StringComparison.Ordinal) && !file.StartsWith("OriginGuard", StringComparison.Ordinal))];
        Assert.Contains("DnsClient.dll", foreign);
        Assert.All(foreign, file => Assert.Contains(file.StartsWith("Microsoft.IdentityModel.", StringComparison.Ordinal) ? "Microsoft.IdentityModel.*.dll" : file, notices, StringComparison.Ordinal));
        Assert.Equal(["DotnetToolSettings.xml"], files.Where(static file => file.EndsWith(".xml", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_tool_holds_the_pages_that_its_answers_name()
    {
        using var archive = packages.Open("OriginGuard.Tool");

        Assert.Equal(
            Directory.GetFiles(Path.Combine(Source.Root, "docs"), "*.md").Select(static page => $"docs/{Path.GetFileName(page)}").Order(StringComparer.Ordinal),
            archive.Entries.Select(static entry => entry.FullName).Where(static name => name.StartsWith("docs/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(Guard)]
    [InlineData(Testing)]
    public void A_package_says_what_it_is_under_which_licence_and_from_which_commit(string package)
    {
        var metadata = Metadata(package);

        Assert.Equal((package, packages.Version), (Text(metadata, "id"), Text(metadata, "version")));
        Assert.Equal(("MIT", "README.md", "icon.png"), (Text(metadata, "license"), Text(metadata, "readme"), Text(metadata, "icon")));
        Assert.All(["authors", "description", "copyright", "tags"], name => Assert.NotEmpty(Text(metadata, name)));
        Assert.Matches("^[0-9a-f]{40}$", metadata.Elements().Single(element => element.Name.LocalName == "repository").Attribute("commit")?.Value);
    }

    [Theory]
    [InlineData(Guard)]
    [InlineData(Testing)]
    public void A_release_leads_to_its_code_its_changes_and_its_pages(string package)
    {
        var metadata = Metadata(package);

        Assert.Equal((PackedPackages.Home, $"{PackedPackages.Home}/blob/v1/CHANGELOG.md"), (Text(metadata, "projectUrl"), Text(metadata, "releaseNotes")));
        Assert.Equal(PackedPackages.Home, metadata.Elements().Single(static element => element.Name.LocalName == "repository").Attribute("url")?.Value);
        if (package == Guard)
        {
            // What lines of the log, answers and the diagnostics name; read as text, since the library is not loaded here.
            using var archive = packages.Open(package);
            Assert.Contains($"{PackedPackages.Home}/blob/v1/docs", Encoding.UTF8.GetString(Read(archive, $"lib/net10.0/{package}.dll")), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_package_brings_what_it_needs_and_no_more()
    {
        string[] needed =
        [
            $"DnsClient {Source.VersionOf("DnsClient")}",
            $"IPNetwork2 {Source.VersionOf("IPNetwork2")}",
            $"Microsoft.AspNetCore.Authentication.JwtBearer {Source.VersionOf("Microsoft.AspNetCore.Authentication.JwtBearer")}",
            $"Microsoft.IdentityModel.Protocols.OpenIdConnect {Source.VersionOf("Microsoft.IdentityModel.Protocols.OpenIdConnect")}",
        ];

        Assert.Equal(["Microsoft.AspNetCore.App"], Named(Guard, "frameworkReference"));
        Assert.Equal(["Microsoft.AspNetCore.App"], Named(Testing, "frameworkReference"));
        Assert.Equal(needed, Named(Guard, "dependency"));

        // The pinned versions of what the guard brings stand here once more, and the guard is the one of the same build.
        Assert.Equal(
            [.. needed.Take(3), $"Microsoft.AspNetCore.TestHost {Source.VersionOf("Microsoft.AspNetCore.TestHost")}", .. needed.Skip(3), $"OriginGuard {packages.Version}"],
            Named(Testing, "dependency"));
    }

    [Theory]
    [InlineData(Guard)]
    [InlineData(Testing)]
    public void Library_and_symbols_belong_together_and_name_no_folder_of_the_machine_that_built_them(string package)
    {
        using var archive = packages.Open(package);
        using var symbols = packages.Open(package, "snupkg");
        var library = Read(archive, $"lib/net10.0/{package}.dll");
        using var portable = new PEReader(new MemoryStream(library));
        var entries = portable.ReadDebugDirectory();
        var codeView = portable.ReadCodeViewDebugDirectoryData(entries.Single(entry => entry.Type is DebugDirectoryEntryType.CodeView));
        using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(Read(symbols, $"lib/net10.0/{package}.pdb")));
        var pdb = provider.GetMetadataReader();
        var documents = pdb.Documents.Select(document => pdb.GetString(pdb.GetDocument(document).Name)).ToList();

        Assert.Contains(entries, entry => entry.Type is DebugDirectoryEntryType.Reproducible);
        Assert.Equal(codeView.Guid.ToByteArray(), pdb.DebugMetadataHeader!.Id.Take(16)); // every portable PDB has the header
        Assert.NotEmpty(documents);
        Assert.All([codeView.Path, .. documents], path => Assert.StartsWith("/_/", path, StringComparison.Ordinal));
        Assert.DoesNotContain(Source.Root, Encoding.UTF8.GetString(library), StringComparison.Ordinal);
        Assert.DoesNotContain(Source.Root, Encoding.Unicode.GetString(library), StringComparison.Ordinal);
    }

    [Fact]
    public void The_gallery_shows_the_same_three_lines_as_the_readme() =>
        Assert.Equal(Source.Blocks(Source.Read("README.md"), "csharp")[0], Source.Blocks(Source.Read("src/OriginGuard/README.md"), "csharp").Single());

    private static byte[] Read(ZipArchive archive, string name)
    {
        using var content = (archive.GetEntry(name) ?? throw new InvalidOperationException($"There is no {name}.")).Open();
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.ToArray();
    }

    private static string Text(XElement metadata, string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;

    private XElement Metadata(string package)
    {
        using var archive = packages.Open(package);
        return XDocument.Load(new MemoryStream(Read(archive, $"{package}.nuspec"))).Root!.Elements().Single(); // package, metadata
    }

    private IEnumerable<string> Named(string package, string element) => Metadata(package).Descendants()
        .Where(descendant => descendant.Name.LocalName == element)
        .Select(descendant => $"{descendant.Attribute("id")?.Value ?? descendant.Attribute("name")?.Value} {descendant.Attribute("version")?.Value}".TrimEnd())
        .Order(StringComparer.Ordinal);
}
