using System.Net;
using OriginGuard.Testing;
using OriginGuard.Tool;
using OriginGuard.Tool.Terminal;
using Xunit;

namespace OriginGuard.RealServers.Tests.Tool;

/// <summary>Files as <c>originguard ranges</c> writes them, from a record that a DNS server holds.</summary>
internal static class RangeFiles
{
    /// <summary>Two networks of Google's, one within another, a single address, and IPv6.</summary>
    public const string Record = "v=spf1 ip4:34.96.0.0/20 ip4:34.96.1.0/24 ip4:34.127.192.0/18 ip4:8.8.8.8 ip6:2600:1901::/48 -all";

    public const string IPv4Only = "v=spf1 ip4:34.96.0.0/20 -all";

    /// <summary>Far more than Google publishes, of every length that the guard takes.</summary>
    public static string Many { get; } = MakeMany();

    public static async Task<string> WriteAsync(string folder, string record, string format, params string[] more)
    {
        await using var dns = LoopbackDnsServer.Start();
        dns.SetTxt(SourceAddressOptions.GoogleRecordName, record);
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var code = await CommandLine.RunAsync(
            ["ranges", "--no-lists", "--server", dns.EndPoint.ToString(), "--format", format, .. more],
            new ToolContext { Output = output, Error = error },
            TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (code, error.ToString()));
        var path = Path.Combine(folder, $"{format}{string.Concat(more)}");
        await File.WriteAllTextAsync(path, output.ToString(), TestContext.Current.CancellationToken);
        return path;
    }

    private static string MakeMany()
    {
        var random = new Random(20261122);
        var networks = Enumerable.Range(0, 400).Select(_ =>
        {
            var bytes = new byte[4];
            random.NextBytes(bytes);
            bytes[0] = (byte)random.Next(20, 100);
            return new IPNetwork(new IPAddress(bytes), random.Next(16, 33));
        });
        return $"v=spf1 {string.Join(' ', networks.Where(IsPublic).Select(network => $"ip4:{network}"))} ip6:2600::/17 ip6:2600:1901::/48 ip6:2a00:1450::1 -all";
    }

    private static bool IsPublic(IPNetwork network) => OriginGuard.Networks.SpecialPurposeNetworks.Describe(network) is null;
}
