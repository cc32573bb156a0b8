using System.Runtime.Versioning;
using OriginGuard.Testing;
using Xunit;

namespace OriginGuard.Tests.Tool;

/// <summary><c>originguard ranges</c> with <c>--output</c> and <c>--network</c>.</summary>
public sealed class OutputFileTests : IAsyncDisposable
{
    private const string Google = SourceAddressOptions.GoogleRecordName;

    private readonly LoopbackDnsServer _dns = LoopbackDnsServer.Start();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("originguard-");

    public OutputFileTests() => _dns.SetTxt(Google, "v=spf1 ip4:34.96.0.0/20 -all");

    private string FilePath => Path.Combine(_folder.FullName, "rules");

    public async ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        await _dns.DisposeAsync();
    }

    [Fact]
    public async Task Writes_the_file_and_nothing_to_the_terminal()
    {
        var run = await RunAsync();

        Assert.Equal((0, "", "", "34.96.0.0/20\n"), (run.Code, run.Output, run.Error, await ReadAsync()));
        Assert.Single(_folder.GetFiles());
    }

    [Theory]
    [InlineData(LoopbackDnsBehavior.ServerFailure, "v=spf1 ip4:34.96.0.0/20 -all")]
    [InlineData(LoopbackDnsBehavior.Answer, "v=spf1 -all")]
    [InlineData(LoopbackDnsBehavior.Answer, "v=spf1 ip4:45.0.0.0/24 -all")]
    public async Task A_failure_leaves_what_is_there(LoopbackDnsBehavior behavior, string text)
    {
        await RunAsync();
        _dns.SetTxt(Google, text);
        _dns.Behave(behavior);

        (await RunAsync()).HasFailed();

        Assert.Equal("34.96.0.0/20\n", await ReadAsync());
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Keeps_the_mode_of_the_file_and_goes_through_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no modes here.");
        await RunAsync();
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var link = Path.Combine(_folder.FullName, "link");
        File.CreateSymbolicLink(link, FilePath);
        _dns.SetTxt(Google, "v=spf1 ip4:34.127.192.0/18 -all");

        Assert.Equal(0, (await RunAsync(link)).Code);

        Assert.Equal("34.127.192.0/18\n", await ReadAsync());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(FilePath));
        Assert.NotNull(new FileInfo(link).LinkTarget);
    }

    /// <summary>A job may ask whether the record still resolves, as root and into /dev/null. That this is the one that is always full makes the difference seen.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Writes_into_a_device_and_puts_no_file_in_its_place(bool isByLink)
    {
        const string Device = "/dev/full";
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no such device here.");
        var path = Path.Combine(_folder.FullName, "link");
        File.CreateSymbolicLink(path, Device);

        var run = await RunAsync(isByLink ? path : Device);

        run.HasFailed();
        Assert.Contains("No space left on device", run.Error, StringComparison.Ordinal);
        Assert.Throws<IOException>(static () => File.WriteAllText(Device, "x"));
    }

    [Theory]
    [InlineData("", "it is a directory; name a file in it")]
    [InlineData("missing/rules", "missing")]
    public async Task Says_why_it_cannot_be_written(string path, string says)
    {
        var run = await RunAsync(Path.Combine(_folder.FullName, path));

        run.HasFailed();
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public async Task Lets_networks_of_one_s_own_in_and_does_not_compare_them_with_Google_s_lists()
    {
        var run = await ToolRun.StartAsync("ranges", "--server", $"{_dns.EndPoint}", "--network", "203.0.113.0/24", "--network", "2001:db8::/32", "--network", "34.96.0.0/20");

        Assert.Equal((0, "", "34.96.0.0/20\n203.0.113.0/24\n2001:db8::/32\n"), (run.Code, run.Error, run.Output));
    }

    [Theory]
    [InlineData("--network", "203.0.113.1")]
    [InlineData("--network", "0.0.0.0/0")]
    [InlineData("--network", "10/8")]
    [InlineData("--network", "")]
    [InlineData("--watch", "--output", "rules")]
    public async Task Refuses_what_it_cannot_mean(params string[] arguments) =>
        (await ToolRun.StartAsync(["ranges", "--server", $"{_dns.EndPoint}", .. arguments])).HasFailed();

    [Fact]
    public async Task A_text_that_can_be_no_path_is_a_failure_like_any_other()
    {
        var run = await RunAsync("ru\0les");

        run.HasFailed();
        Assert.Contains("--output cannot be written: ", run.Error, StringComparison.Ordinal);
    }

    private Task<ToolRun> RunAsync(string? path = null) => ToolRun.StartAsync("ranges", "--server", $"{_dns.EndPoint}", "--output", path ?? FilePath);

    private Task<string> ReadAsync() => File.ReadAllTextAsync(FilePath, TestContext.Current.CancellationToken);
}
