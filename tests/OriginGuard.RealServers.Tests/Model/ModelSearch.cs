using OriginGuard.RealServers.Tests.Packages;
using OriginGuard.RealServers.Tests.Tool;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.RealServers.Tests.Model;

/// <summary>Lets SPIN go through <c>refresh.pml</c>.</summary>
internal static class ModelSearch
{
    public const string Model = "tests/OriginGuard.RealServers.Tests/Model/refresh.pml";

    /// <param name="folder">Where it works; what the model includes must be there.</param>
    /// <param name="view">Definitions for the model.</param>
    /// <param name="definitions">Definitions for the search.</param>
    /// <param name="arguments">Arguments of the search.</param>
    /// <returns>What it says.</returns>
    public static async Task<string> RunAsync(TemporaryFolder folder, string[] view, string[] definitions, string[] arguments)
    {
        var (spin, gcc) = (ServerProgram.Spin.Require(), ServerProgram.Gcc.Require());
        var (model, search) = (Path.Combine(folder.Path, "refresh.pml"), Path.Combine(folder.Path, "pan"));
        File.Copy(Path.Combine(Source.Root, Model), model);
        await RunAsync(folder, spin, ["-a", .. view, model]);
        await RunAsync(folder, gcc, ["-w", "-O1", "-DCOLLAPSE", .. definitions, "-o", search, Path.Combine(folder.Path, "pan.c")]);
        return await RunAsync(folder, search, ["-m3000000", .. arguments]);
    }

    private static async Task<string> RunAsync(TemporaryFolder folder, string path, string[] arguments)
    {
        var (code, output) = await ProgramRun.StartInAsync(folder.Path, path, arguments);
        Assert.True(code == 0, output);
        return output;
    }
}
