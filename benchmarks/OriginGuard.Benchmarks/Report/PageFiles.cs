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
    private const string Images = "images/performance";

    public static async Task<string> WriteAsync(PerformanceResults results)
    {
        var isTrial = results.Conditions.IsQuick || results.Conditions.IsPartial;
        var folder = isTrial ? Folders.Artifacts : Folders.Docs;
        var images = Directory.CreateDirectory(Path.Combine(folder, Images)).FullName;
        var charts = PageCharts.Draw(results);
        foreach (var (name, svg) in charts)
        {
            await File.WriteAllTextAsync(Path.Combine(images, name), svg);
        }

        if (!isTrial)
        {
            await File.WriteAllTextAsync(Path.Combine(images, Results), results.ToJson(indented: false) + "\n");
        }

        var page = Path.Combine(folder, Page);
        var former = File.Exists(page) ? await File.ReadAllTextAsync(page) : "";
        await File.WriteAllTextAsync(page, PerformancePage.Write(results, [.. charts.Keys], Images, PerformancePage.ByHand(former)));
        return page;
    }
}
