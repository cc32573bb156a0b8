namespace OriginGuard.Benchmarks;

/// <summary>Where things lie, seen from the built program.</summary>
internal static class Folders
{
    public static string Root { get; } = FindRoot();

    /// <summary>What a run leaves behind and nobody commits.</summary>
    public static string Artifacts { get; } = Path.Combine(Root, "artifacts", "performance");

    public static string Docs { get; } = Path.Combine(Root, "docs");

    public static string Benchmarks { get; } = Path.Combine(Root, "benchmarks");

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "OriginGuard.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("OriginGuard.sln was not found above the program.");
    }
}
