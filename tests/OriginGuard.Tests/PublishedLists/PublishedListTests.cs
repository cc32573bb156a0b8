using System.Diagnostics;
using System.Net;
using System.Text;
using OriginGuard.PublishedLists;
using OriginGuard.Tests.House;
using Xunit;

namespace OriginGuard.Tests.PublishedLists;

public sealed class PublishedListTests
{
    [Fact]
    public void Reads_both_families_and_when_it_was_published()
    {
        var list = PublishedList.Parse(Bytes(ScriptedLists.Json(["34.1.208.0/20", "2600:1900:8000::/44"])));

        Assert.Equal(["34.1.208.0/20", "2600:1900:8000::/44"], list.Networks.Select(static network => network.ToString()));
        Assert.Equal(new DateTimeOffset(2026, 11, 1, 10, 0, 0, TimeSpan.Zero).AddTicks(1234560), list.PublishedAt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>not found</html>")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"creationTime":"2026-11-01T10:00:00","prefixes":[]}""")]
    [InlineData("""{"creationTime":"2026-11-01T10:00:00","prefixes":{}}""")]
    [InlineData("""{"creationTime":"2026-11-01T10:00:00"}""")]
    [InlineData("""{"creationTime":"2026-11-01T10:00:00","prefixes":[{"ipv4Prefix":"34.96/16"}]}""")]
    [InlineData("""{"creationTime":"2026-11-01T10:00:00","prefixes":[{"ipv4Prefix":null}]}""")]
    [InlineData("""{"creationTime":"2026-11-01T10:00:00","prefixes":[{"ipv4Prefix":5}]}""")]
    [InlineData("""{"creationTime":"2026-11-01T10:00:00","prefixes":["34.96.0.0/16"]}""")]
    [InlineData("""{"creationTime":"2026-11-01T10:00:00","prefixes":[{"service":"Google Cloud"}]}""")]
    [InlineData("""{"creationTime":"yesterday","prefixes":[{"ipv4Prefix":"34.96.0.0/16"}]}""")]
    [InlineData("""{"creationTime":null,"prefixes":[{"ipv4Prefix":"34.96.0.0/16"}]}""")]
    [InlineData("""{"creationTime":7,"prefixes":[{"ipv4Prefix":"34.96.0.0/16"}]}""")]
    [InlineData("""{"prefixes":[{"ipv4Prefix":"34.96.0.0/16"}]}""")]
    [InlineData("""{"creationTime":"2026-11-01T10:00:00","prefixes":[{"ipv4Prefix":"34.96.0.0/16"}""")]
    public void Refuses_whole_what_is_no_list(string json) => Assert.Throws<FormatException>(() => PublishedList.Parse(Bytes(json)));

    [Fact]
    public void Refuses_a_list_of_more_networks_than_Google_can_have() => Assert.Throws<FormatException>(
        () => PublishedList.Parse(Bytes(ScriptedLists.Json(Enumerable.Range(0, 10_001).Select(static i => $"34.{i >> 8}.{i & 255}.0/24")))));

    [Theory]
    [InlineData("NotAsked", null)]
    [InlineData("Confirmed", "confirmed")]
    [InlineData("Likely", "likely")]
    [InlineData("Doubted", "doubted")]
    [InlineData("Denied", "denied")]
    public void What_the_lists_say_has_a_name_and_silence_has_none(string said, string? name) => Assert.Equal(name, Enum.Parse<Corroboration>(said).ToName());

    [Theory]
    [InlineData("34.96.0.0/20", null)]
    [InlineData("34.64.0.0/10", "34.64.0.0/10 overlaps 34.97.0.0/16, which cloud.json gives to customers")]
    [InlineData("34.97.255.255/32", "34.97.255.255/32 overlaps 34.97.0.0/16, which cloud.json gives to customers")]
    [InlineData("8.8.8.0/23", null)] // held by two networks of the list together
    [InlineData("8.8.8.0/22", "8.8.8.0/22 is not in goog.json")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0 is not in goog.json")]
    [InlineData("::/0", "::/0 is not in goog.json")]
    [InlineData("2600:1901::/48", null)]
    [InlineData("2600:1910::/28", "2600:1910::/28 is not in goog.json")]
    [InlineData("::2260:0/112", "::34.96.0.0/112 is not in goog.json")] // the numbers of 34.96.0.0/16 in the other family
    public void A_network_is_Google_s_own_when_it_lies_in_goog_json_and_touches_nothing_of_cloud_json(string network, string? objection)
    {
        var lists = new GoogleNetworks(List("34.64.0.0/10", "8.8.8.0/24", "8.8.9.0/24", "2600:1900::/28"), List("34.97.0.0/16", "2600:1900:8000::/44"));

        Assert.Equal(objection, lists.Objection([IPNetwork.Parse(network)]));
    }

    [Fact]
    public void The_copy_that_is_built_in_holds_the_load_balancer_s_networks_and_no_virtual_machine()
    {
        var lists = BuiltInNetworks.Networks;

        Assert.Null(lists.Objection(OriginGuard.Ranges.BuiltInRanges.Networks));
        Assert.Null(lists.Objection([IPNetwork.Parse("35.191.0.0/16"), IPNetwork.Parse("130.211.0.0/22")]));
        Assert.NotNull(lists.Objection([IPNetwork.Parse("34.1.208.7/32")]));
        Assert.NotNull(lists.Objection([IPNetwork.Parse("3.170.19.112/32")]));
        Assert.NotNull(lists.Objection([IPNetwork.Parse("34.96.0.0/14")]));
    }

    [Fact]
    public async Task The_script_of_a_release_writes_what_is_read()
    {
        using var folder = new Folder();
        var (google, cloud, target) = (folder.Write("goog.json", ScriptedLists.Json(["8.8.8.0/24", "2600:1900::/28"])), folder.Write("cloud.json", ScriptedLists.Json(["34.1.208.0/20"], "2025-01-02T03:04:05")), folder.PathOf("out.txt"));

        Assert.Equal(0, await RenewAsync(target, google, cloud));

        var lists = BuiltInNetworks.Parse(await File.ReadAllLinesAsync(target, TestContext.Current.CancellationToken));
        Assert.Equal(((2, 1), new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero)), (lists.Count, lists.PublishedAt));
    }

    [Theory]
    [InlineData("""{"creationTime":"2026-11-01T10:00:00","prefixes":[]}""")]
    [InlineData("")]
    [InlineData(null)]
    public async Task The_script_of_a_release_leaves_the_old_copy_when_a_list_is_not_whole(string? json)
    {
        using var folder = new Folder();
        var (google, target) = (folder.Write("goog.json", ScriptedLists.Json(["8.8.8.0/24"])), folder.PathOf("out.txt"));
        await File.WriteAllTextAsync(target, "old", TestContext.Current.CancellationToken);

        foreach (var (first, second) in ((string, string)[])[(google, Broken()), (Broken(), google)])
        {
            Assert.NotEqual(0, await RenewAsync(target, first, second));
            Assert.Equal("old", await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken));
        }

        string Broken() => json is null ? folder.PathOf("missing.json") : folder.Write("broken.json", json);
    }

    [Theory]
    [InlineData("goog.json 2026-01-01", "8.8.8.0/24")]
    [InlineData("goog.json 2026-01-01", "8.8.8.0/24", "cloud.json 2026-01-01")]
    [InlineData("goog.json 2026-01-01", "cloud.json 2026-01-01", "34.1.208.0/20")]
    [InlineData("cloud.json 2026-01-01", "34.1.208.0/20")]
    [InlineData("8.8.8.0/24")]
    [InlineData("goog.json 2026-01-01", "eight", "cloud.json 2026-01-01", "34.1.208.0/20")]
    [InlineData("goog.json never", "8.8.8.0/24", "cloud.json 2026-01-01", "34.1.208.0/20")]
    public void A_copy_that_is_not_whole_is_none(params string[] lines) => Assert.Throws<FormatException>(() => BuiltInNetworks.Parse(lines));

    private static PublishedList List(params string[] networks) => new(DateTimeOffset.UnixEpoch, [.. networks.Select(IPNetwork.Parse)]);

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static async Task<int> RenewAsync(string target, string google, string cloud)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "scripts", "renew-google-networks"), $"file://{google}", $"file://{cloud}"])
        {
            Environment = { ["GOOGLE_NETWORKS"] = target },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var script = Process.Start(start)!;
        await script.WaitForExitAsync(TestContext.Current.CancellationToken);
        return script.ExitCode;
    }

    private sealed class Folder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("originguard-");

        public string PathOf(string name) => Path.Combine(_folder.FullName, name);

        public string Write(string name, string text)
        {
            File.WriteAllText(PathOf(name), text);
            return PathOf(name);
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
