using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OriginGuard.RealServers.Tests.Packages;

/// <summary>What the repository says about itself, where the tests of the packages need it.</summary>
internal static partial class Source
{
    public static string Root { get; } = FindRoot();

    /// <summary>The version of a package that the tests of this repository use.</summary>
    public static string VersionOf(string package) => XDocument.Load(Path.Combine(Root, "Directory.Packages.props"))
        .Descendants("PackageVersion")
        .Single(version => (string?)version.Attribute("Include") == package)
        .Attribute("Version")!.Value; // every entry has one

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    /// <summary>The blocks of code of one language in a page.</summary>
    public static string[] Blocks(string page, string language) =>
        [.. Block().Matches(page).Where(block => block.Groups[1].Value == language).Select(block => block.Groups[2].Value)];

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "OriginGuard.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("OriginGuard.sln was not found above the test.");
        }

        return folder;
    }

    [GeneratedRegex(@"^```(\w+)\n(.*?)\n```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
