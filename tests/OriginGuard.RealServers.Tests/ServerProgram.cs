using Xunit;

namespace OriginGuard.RealServers.Tests;

/// <summary>A program that a test wants, and the package that brings it: of Debian, unless another command installs it.</summary>
public sealed record ServerProgram(string Name, string Package, string Installer = "apt-get install")
{
    public static readonly ServerProgram Bind = new("named", "bind9");
    public static readonly ServerProgram Dnsmasq = new("dnsmasq", "dnsmasq-base");
    public static readonly ServerProgram Dotnet = new("dotnet", "dotnet-sdk-10.0");
    public static readonly ServerProgram Env = new("env", "coreutils");
    public static readonly ServerProgram Fish = new("fish", "fish");
    public static readonly ServerProgram Gcc = new("gcc", "gcc");
    public static readonly ServerProgram HAProxy = new("haproxy", "haproxy");
    public static readonly ServerProgram Ip = new("ip", "iproute2");
    public static readonly ServerProgram Iptables = new("iptables-restore", "iptables");
    public static readonly ServerProgram Nft = new("nft", "nftables");
    public static readonly ServerProgram Nginx = new("nginx", "nginx-light");
    public static readonly ServerProgram Nsd = new("nsd", "nsd");
    public static readonly ServerProgram Promtool = new("promtool", "prometheus");
    public static readonly ServerProgram PowerShell = new("pwsh", "PowerShell", "dotnet tool install --global");
    public static readonly ServerProgram Script = new("script", "bsdutils");
    public static readonly ServerProgram Spin = new("spin", "spin");
    public static readonly ServerProgram Unbound = new("unbound", "unbound");
    public static readonly ServerProgram Zsh = new("zsh", "zsh");

    /// <summary>Set to 1 where the programs have to be there, as in CI: a missing one then fails the test instead of skipping it.</summary>
    public const string RequireVariable = "ORIGINGUARD_REQUIRE_REAL_SERVERS";

    private static readonly Lock Waiting = new();

    // An ordinary user's path has no sbin, where Debian keeps most servers.
    private static readonly string[] FurtherFolders = ["/usr/sbin", "/usr/local/sbin", "/sbin"];

    /// <summary>The program's path. Where it is not installed the test ends here: skipped, or failed if it is required.</summary>
    public string Require()
    {
        var path = Find();
        if (path is null && Environment.GetEnvironmentVariable(RequireVariable) == "1")
        {
            Assert.Fail($"{Name} is not installed, and {RequireVariable} says that it has to be: {Installer} {Package}");
        }

        if (path is null)
        {
            NoteThatATestWaits();
            Assert.Skip($"{Name} is not installed: {Installer} {Package}");
        }

        return path;
    }

    /// <summary>For the line with which <c>dotnet test</c> ends; the project file prints it.</summary>
    private void NoteThatATestWaits()
    {
        lock (Waiting)
        {
            File.AppendAllText(Path.Combine(AppContext.BaseDirectory, "waiting.txt"), $"{Package}{Environment.NewLine}");
        }
    }

    private string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Concat(FurtherFolders)
        .Select(folder => Path.Combine(folder, Name))
        .FirstOrDefault(File.Exists);
}
