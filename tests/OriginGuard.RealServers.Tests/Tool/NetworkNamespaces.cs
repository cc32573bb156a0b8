using Xunit;

namespace OriginGuard.RealServers.Tests.Tool;

/// <summary>Whether this machine lets a test have a network of its own: it takes root.</summary>
internal static class NetworkNamespaces
{
    public static async Task RequireAsync()
    {
        var (code, output) = await ProgramRun.StartAsync("unshare", "--net", "true");
        if (code != 0 && Environment.GetEnvironmentVariable(ServerProgram.RequireVariable) == "1")
        {
            Assert.Fail($"{ServerProgram.RequireVariable} is set, and there is no network namespace to be had: {output}");
        }

        Assert.SkipWhen(code != 0, $"no network namespace to be had: {output}");
    }
}
