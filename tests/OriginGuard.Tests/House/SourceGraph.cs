using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OriginGuard.Tests.House;

/// <summary>
/// A project as the compiler understands it: which file knows a type of which other file. What stands in method bodies counts, and so do types that nobody
/// wrote down, as behind <c>var</c>; what only the documentation of a type mentions does not. A type and its log are one file.
/// </summary>
internal sealed class SourceGraph
{
    // Of the base library, and of the web as well. The build writes them into a file of its own.
    private static readonly string[] ImplicitUsings =
        ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks"];

    private static readonly string[] ImplicitWebUsings =
    [
        "System.Net.Http.Json", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing",
        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ];

    // What is left to say when the source generators have not run: members that they would write are missing.
    private static readonly string[] OfGenerators = ["CS0117", "CS0534", "CS7036", "CS8795"];

    private readonly string _folder;
    private readonly HashSet<(string From, string To)> _arrows = [];

    private SourceGraph(string folder) => _folder = folder;

    /// <summary>All files, relative to the project and without their extension: <c>Networks/CidrTrie</c>.</summary>
    public required IReadOnlyCollection<string> Files { get; init; }

    /// <summary>What the compiler could not understand, and so nobody can see an arrow in.</summary>
    public required IReadOnlyCollection<string> NotUnderstood { get; init; }

    /// <summary>From each file to each other whose types it knows.</summary>
    public IReadOnlyCollection<(string From, string To)> Arrows => _arrows;

    /// <summary>The same, from folder to folder.</summary>
    public IEnumerable<(string From, string To)> ArrowsOfFolders =>
        _arrows.Select(static arrow => (FolderOf(arrow.From), FolderOf(arrow.To))).Where(static arrow => arrow.Item1 != arrow.Item2).Distinct();

    public static string FolderOf(string file) => Path.GetDirectoryName(file)!;

    /// <param name="project">Its folder, below <c>src</c>.</param>
    /// <param name="planted">Files that are not there.</param>
    public static SourceGraph Of(string project, params (string Path, string Text)[] planted)
    {
        var folder = Path.Combine(Repository.Root, "src", project);
        var definition = XDocument.Load(Path.Combine(folder, project + ".csproj"));
        var sources = Repository.Sources(Path.Combine("src", project)).Select(static file => (file, File.ReadAllText(file)))
            .Concat(planted.Select(file => (Path.Combine(folder, file.Path), file.Text)))
            .Select(static source => Parse(source.Item2, source.Item1)).ToArray();
        var compilation = CSharpCompilation.Create(
            project,
            [.. sources, Parse(Usings(definition), ""), .. Linked(folder, definition)],
            References(project),
            new CSharpCompilationOptions(IsProgram(definition) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var graph = new SourceGraph(folder)
        {
            Files = [.. sources.Select(source => NameOf(folder, source)).Distinct()],
            NotUnderstood = [.. compilation.GetDiagnostics().Where(static found => found.Severity is DiagnosticSeverity.Error && !OfGenerators.Contains(found.Id)).Select(static found => $"{found}")],
        };
        foreach (var source in sources)
        {
            graph.Add(source, compilation.GetSemanticModel(source));
        }

        return graph;
    }

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.None), path);

    private static bool IsWeb(XDocument definition) => definition.Root!.Attribute("Sdk")!.Value.EndsWith(".Web", StringComparison.Ordinal);

    private static bool IsProgram(XDocument definition) => IsWeb(definition) || definition.Descendants("OutputType").Any();

    private static string Usings(XDocument definition) =>
        string.Concat(ImplicitUsings.Concat(IsWeb(definition) ? ImplicitWebUsings : []).Select(static name => $"global using {name};"));

    private static IEnumerable<SyntaxTree> Linked(string folder, XDocument definition) => definition.Descendants("Compile")
        .Select(item => Path.GetFullPath(Path.Combine(folder, item.Attribute("Include")!.Value)))
        .Select(static file => Parse(File.ReadAllText(file), file));

    private static IEnumerable<PortableExecutableReference> References(string project) => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(file => Path.GetFileNameWithoutExtension(file) != project)
        .Select(static file => MetadataReference.CreateFromFile(file));

    private static string NameOf(string folder, SyntaxTree source) =>
        Path.ChangeExtension(Path.GetRelativePath(folder, source.FilePath), null).Replace(".Log", "", StringComparison.Ordinal);

    private static IEnumerable<ISymbol?> Known(SyntaxNode node, SemanticModel model)
    {
        if (node is ExpressionSyntax)
        {
            var type = model.GetTypeInfo(node);
            return [model.GetSymbolInfo(node).Symbol, type.Type, type.ConvertedType];
        }

        return [];
    }

    /// <summary>The types that a symbol brings in, each as what it is declared by.</summary>
    private static IEnumerable<INamedTypeSymbol> TypesOf(ISymbol? symbol) => symbol switch
    {
        IArrayTypeSymbol array => TypesOf(array.ElementType),
        INamedTypeSymbol { ContainingType: { } outer } => TypesOf(outer),
        INamedTypeSymbol type => type.TypeArguments.SelectMany(TypesOf).Append(type.OriginalDefinition),
        IMethodSymbol method => method.TypeArguments.SelectMany(TypesOf).Concat(TypesOf((method.ReducedFrom ?? method).ContainingType)),
        IPropertySymbol or IFieldSymbol or IEventSymbol => TypesOf(symbol.ContainingType),
        _ => [],
    };

    private void Add(SyntaxTree source, SemanticModel model)
    {
        var from = NameOf(_folder, source);
        var types = source.GetRoot().DescendantNodes(static node => node is not UsingDirectiveSyntax)
            .SelectMany(node => Known(node, model)).SelectMany(TypesOf).ToHashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        foreach (var tree in types.SelectMany(static type => type.DeclaringSyntaxReferences).Select(static reference => reference.SyntaxTree))
        {
            if (tree.FilePath.StartsWith(_folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) && NameOf(_folder, tree) is var to && to != from)
            {
                _arrows.Add((from, to));
            }
        }
    }
}
