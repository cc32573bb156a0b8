using Xunit;

namespace OriginGuard.RealServers.Tests.Tool;

/// <summary>What <c>originguard ranges</c> writes is read by the real programs. Packet filters are loaded in a network namespace of their own.</summary>
public sealed class RangeFilesLoadTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("originguard-");

    public static TheoryData<string> Records => [RangeFiles.Record, RangeFiles.IPv4Only, RangeFiles.Many];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Records))]
    public async Task Nftables_loads_the_table_and_loads_it_anew(string record)
    {
        var nft = ServerProgram.Nft.Require();
        var file = await RangeFiles.WriteAsync(_folder.FullName, record, "nftables", "--port", "443", "--port", "8443");

        // Twice, and beside a table of the operator's own, which stays as it was.
        var listed = await InNamespaceAsync($"""
            {nft} add table inet mine
            {nft} add chain inet mine keep
            {nft} -c -f '{file}'
            {nft} -f '{file}'
            {nft} -f '{file}'
            {nft} list ruleset
            """);

        Assert.Contains("table inet mine", listed, StringComparison.Ordinal);
        Assert.Contains("chain keep", listed, StringComparison.Ordinal);
        Assert.Equal(1, Count(listed, "table inet originguard {"));
        Assert.Contains("elements = {", listed, StringComparison.Ordinal);
        Assert.Contains("th dport { 443, 8443 } jump origin", listed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nftables_keeps_the_rules_in_force_when_a_file_is_cut_short()
    {
        var nft = ServerProgram.Nft.Require();
        var file = await RangeFiles.WriteAsync(_folder.FullName, RangeFiles.Record, "nftables");
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var cut = Path.Combine(_folder.FullName, "cut");
        await File.WriteAllTextAsync(cut, text[..text.IndexOf("chain origin", StringComparison.Ordinal)], TestContext.Current.CancellationToken);

        var listed = await InNamespaceAsync($"""
            {nft} -f '{file}'
            {nft} -f '{cut}' && exit 9
            {nft} list ruleset
            """);

        Assert.Contains("34.127.192.0/18", listed, StringComparison.Ordinal);
        Assert.Contains("chain origin", listed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ipv4", "iptables")]
    [InlineData("ipv6", "ip6tables")]
    public async Task Iptables_fills_its_chain_and_fills_it_anew(string family, string program)
    {
        ServerProgram.Iptables.Require();
        foreach (var record in new[] { RangeFiles.Record, RangeFiles.IPv4Only, RangeFiles.Many })
        {
            var file = await RangeFiles.WriteAsync(_folder.FullName, record, "iptables", "--family", family);

            var saved = await InNamespaceAsync($"""
                export PATH="$PATH:/usr/sbin:/sbin"
                {program} -A INPUT -p tcp --dport 22 -j ACCEPT
                {program}-restore --test --noflush '{file}'
                {program}-restore --noflush '{file}'
                {program} -t raw -I PREROUTING -j ORIGINGUARD
                {program}-restore --noflush '{file}'
                {program}-save
                """);

            var expected = (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken)).Count(line => line.StartsWith("-A", StringComparison.Ordinal));
            Assert.Equal(expected, Count(saved, "-A ORIGINGUARD "));
            Assert.Equal(1, Count(saved, "-A PREROUTING -j ORIGINGUARD"));
            Assert.Equal(1, Count(saved, "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"));
        }
    }

    [Theory]
    [MemberData(nameof(Records))]
    public async Task Nginx_takes_the_file_by_include(string record)
    {
        var nginx = ServerProgram.Nginx.Require();
        var file = await RangeFiles.WriteAsync(_folder.FullName, record, "nginx");
        var configuration = Write("nginx.conf", $$"""
            pid {{_folder.FullName}}/nginx.pid;
            error_log stderr;
            events { }
            http {
                access_log off;
                server { listen unix:{{_folder.FullName}}/nginx.sock; include {{file}}; }
            }
            """);

        var (code, output) = await ProgramRun.StartAsync(nginx, "-t", "-p", _folder.FullName, "-c", configuration);

        Assert.True(code == 0, output);
    }

    [Theory]
    [MemberData(nameof(Records))]
    public async Task Haproxy_takes_the_file_as_patterns(string record)
    {
        var haproxy = ServerProgram.HAProxy.Require();
        var file = await RangeFiles.WriteAsync(_folder.FullName, record, "haproxy");
        var configuration = Write("haproxy.cfg", $$"""
            defaults
                mode http
                timeout connect 1s
                timeout client 1s
                timeout server 1s
            frontend origin
                bind unix@{{_folder.FullName}}/haproxy.sock
                tcp-request connection reject unless { src -f {{file}} }

            """);

        var (code, output) = await ProgramRun.StartAsync(haproxy, "-c", "-f", configuration);

        Assert.True(code == 0, output);
    }

    private async Task<string> InNamespaceAsync(string script)
    {
        await NetworkNamespaces.RequireAsync();
        var (code, output) = await ProgramRun.StartAsync("unshare", "--net", "sh", "-e", Write("script", script + "\n"));
        Assert.True(code == 0, output);
        return output;
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
