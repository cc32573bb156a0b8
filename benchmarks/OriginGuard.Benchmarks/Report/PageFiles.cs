using OriginGuard.Benchmarks.Page;
using OriginGuard.Benchmarks.Results;

namespace OriginGuard.Benchmarks.Report;

/// <summary>
/// Where the page goes: into the docs when everything has been measured in full, else beside the raw results, so that a trial can never be taken
/// for figures that stand.
/// </summary>
internal static class PageFiles
{
    public const string Results = "results.json";

    private const string Page = "performance.md";

    public static async Task<string> WriteAsync(PerformanceResults results)
    {
        var isTrial = results.Conditions is { IsQuick: true } or { IsPartial: true };
        if (!isTrial)
        {
            await File.WriteAllTextAsync(Path.Combine(Folders.Benchmarks, Results), results.ToJson(indented: false) + "\n");
        }

        var page = Path.Combine(isTrial ? Folders.Artifacts : Folders.Docs, Page);
        await File.WriteAllTextAsync(page, PerformancePage.Fill(await File.ReadAllTextAsync(Path.Combine(Folders.Docs, Page)), results));
        return page;
    }
}
