using OriginGuard.Surroundings;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Surroundings;

public sealed class KeptFileTests : IDisposable
{
    private const string Left = "ranges.txt.0123456789abcdef0123456789abcdef.tmp";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_process_left_that_was_killed_while_it_wrote_is_gone_with_the_next_write()
    {
        Leave(Left, hours: 2);

        KeptFile.Replace(Path("ranges.txt"), "new");

        Assert.Equal(["ranges.txt"], Names());
        Assert.Equal("new", KeptFile.Read(Path("ranges.txt"), 100));
    }

    [Theory]
    [InlineData(Left, 0)]
    [InlineData("other.txt.0123456789abcdef0123456789abcdef.tmp", 2)]
    [InlineData("ranges.txt.0123456789abcdef.tmp", 2)]
    [InlineData("ranges.txt.0123456789abcdef0123456789abcdef", 2)]
    [InlineData("ranges.txt.tmp", 2)]
    [InlineData("ranges.txt.old.0123456789abcdef0123456789abcdef.tmp", 2)]
    public void What_another_process_may_be_writing_and_what_is_not_the_guard_s_stays(string name, int hours)
    {
        Leave(name, hours);

        KeptFile.Replace(Path("ranges.txt"), "new");

        Assert.Contains(name, Names());
    }

    [Fact]
    public void A_device_is_never_replaced_by_a_file()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no such device here.");

        Assert.Equal("it is a device; name a file", Assert.Throws<IOException>(static () => KeptFile.Replace("/dev/full", "new")).Message);
    }

    [Theory]
    [InlineData("/dev/null", true)]
    [InlineData("/dev/../dev/null", true)]
    [InlineData("/dev/shm/ranges.txt", false)]
    [InlineData("/var/dev/ranges.txt", false)]
    [InlineData("/device/ranges.txt", false)]
    public void A_folder_of_devices_has_none_of_the_guard_s_files(string path, bool isDevice)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no such folder here.");

        Assert.Equal(isDevice, KeptFile.IsDevice(path));
    }

    [Fact]
    public void A_name_with_the_signs_of_a_pattern_is_a_name()
    {
        Leave(Left, hours: 2);

        KeptFile.Replace(Path("r*.txt"), "new");

        Assert.Equal(["r*.txt", Left], Names());
    }

    [Fact]
    public void A_link_stays_a_link_and_the_file_that_it_names_is_written()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link needs a right there that not everybody has.");
        Directory.CreateDirectory(Path("volume"));
        File.CreateSymbolicLink(Path("ranges.txt"), Path("volume/kept.txt"));

        KeptFile.Replace(Path("ranges.txt"), "first"); // the file is not there yet
        KeptFile.Replace(Path("ranges.txt"), "second");

        Assert.Equal(Path("volume/kept.txt"), new FileInfo(Path("ranges.txt")).LinkTarget);
        Assert.Equal("second", File.ReadAllText(Path("volume/kept.txt")));
    }

    [Fact]
    public void A_link_to_a_device_is_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no such device here.");
        File.CreateSymbolicLink(Path("ranges.txt"), "/dev/null");

        Assert.Contains("it is a device", Assert.Throws<IOException>(() => KeptFile.Replace(Path("ranges.txt"), "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_the_log_says_where_a_relative_path_leads()
    {
        Assert.Equal("/run/ranges.txt", KeptFile.Shown("/run/ranges.txt"));
        Assert.StartsWith(System.IO.Path.GetFullPath("ranges.txt"), KeptFile.Shown("ranges.txt"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ranges\0.txt")]
    public void What_is_no_path_is_shown_as_it_is(string path) => Assert.Equal(path, KeptFile.Shown(path));

    private void Leave(string name, int hours)
    {
        File.WriteAllText(Path(name), "half");
        File.SetLastWriteTimeUtc(Path(name), File.GetLastWriteTimeUtc(Path(name)) - TimeSpan.FromHours(hours));
    }

    private string Path(string name) => System.IO.Path.Combine(_folder.Path, name);

    private string[] Names() => [.. Directory.EnumerateFiles(_folder.Path).Select(static file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal)];
}
