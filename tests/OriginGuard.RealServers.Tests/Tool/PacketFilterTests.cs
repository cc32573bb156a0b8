using Xunit;

namespace OriginGuard.RealServers.Tests.Tool;

/// <summary>
/// The generated packet filters against real packets: an origin and its peers in network namespaces, joined by a wire. nginx stands for the
/// origin, and bash opens the connections.
/// </summary>
public sealed class PacketFilterTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("originguard-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Nftables_lets_in_the_load_balancer_and_nobody_else_and_leaves_other_ports_alone()
    {
        var nft = ServerProgram.Nft.Require();
        var file = await RangeFiles.WriteAsync(_folder.FullName, RangeFiles.Record, "nftables", "--port", "443", "--port", "8443");

        await SeesAsync($"{nft} -f '{file}'");
    }

    [Fact]
    public async Task Iptables_lets_in_the_load_balancer_and_nobody_else_and_leaves_other_ports_alone()
    {
        var (v4, v6) = (
            await RangeFiles.WriteAsync(_folder.FullName, RangeFiles.Record, "iptables", "--port", "443", "--port", "8443"),
            await RangeFiles.WriteAsync(_folder.FullName, RangeFiles.Record, "iptables", "--family", "ipv6"));
        ServerProgram.Iptables.Require();

        await SeesAsync($"""
            iptables-restore --noflush '{v4}'
            iptables -t raw -I PREROUTING -j ORIGINGUARD
            ip6tables-restore --noflush '{v6}'
            ip6tables -t raw -I PREROUTING -j ORIGINGUARD
            """);
    }

    // Namespaces without a name, which end with their processes: nothing is left behind.
    private async Task SeesAsync(string load)
    {
        await NetworkNamespaces.RequireAsync();
        ServerProgram.Ip.Require();
        var nft = ServerProgram.Nft.Require();
        var nginx = ServerProgram.Nginx.Require();
        Write("nginx.conf", $$"""
            pid {{_folder.FullName}}/nginx.pid;
            error_log stderr;
            events { }
            http {
                access_log off;
                server { listen 443; listen [::]:443; listen 22; return 204; }
            }
            """);
        var script = Write("scene.sh", $$"""
            export PATH="$PATH:/usr/sbin:/sbin"
            ip link set lo up
            unshare --net sleep 60 &
            peer=$!
            trap 'kill $peer; test -f '{{_folder.FullName}}/nginx.pid' && kill $(cat '{{_folder.FullName}}/nginx.pid')' EXIT
            until [ "$(readlink /proc/$peer/ns/net)" != "$(readlink /proc/$$/ns/net)" ]; do sleep 0.05; done
            in_peer() { nsenter --net=/proc/$peer/ns/net "$@"; }
            ip link add origin type veth peer name peer netns $peer
            ip addr add 192.0.2.1/24 dev origin
            ip -6 addr add 2001:db8::1/64 dev origin nodad
            ip link set origin up
            ip route add 34.96.0.0/16 dev origin
            ip route add 34.97.0.0/16 dev origin
            ip -6 route add 2600:1901::/32 dev origin
            in_peer ip link set lo up
            in_peer ip link set peer up
            in_peer ip addr add 192.0.2.2/24 dev peer
            in_peer ip addr add 34.96.15.255/32 dev peer
            in_peer ip addr add 34.96.16.0/32 dev peer
            in_peer ip -6 addr add 2001:db8::2/64 dev peer nodad
            in_peer ip -6 addr add 2600:1901::7/128 dev peer nodad
            in_peer ip -6 addr add 2600:1901:1::7/128 dev peer nodad
            {{nginx}} -p '{{_folder.FullName}}' -c '{{_folder.FullName}}/nginx.conf'

            # As the published port of a container: translated, and not this machine's own any more.
            {{nft}} add table ip published
            {{nft}} add chain ip published prerouting '{ type nat hook prerouting priority dstnat; }'
            {{nft}} add rule ip published prerouting tcp dport 8443 redirect to :22

            visit() { # name, source, destination, port
                case $2 in *:*) in_peer ip -6 route replace "$3/128" dev peer src "$2" ;; *) in_peer ip route replace "$3/32" dev peer src "$2" ;; esac
                echo "$1: $(in_peer timeout 1 bash -c "exec 3<>/dev/tcp/$3/$4" 2> /dev/null && echo in || echo out)"
            }
            visits() {
                visit "$1 load balancer" 34.96.15.255 192.0.2.1 443
                visit "$1 next address" 34.96.16.0 192.0.2.1 443
                visit "$1 neighbour" 192.0.2.2 192.0.2.1 443
                visit "$1 neighbour at 22" 192.0.2.2 192.0.2.1 22
                visit "$1 load balancer at a published port" 34.96.15.255 192.0.2.1 8443
                visit "$1 neighbour at a published port" 192.0.2.2 192.0.2.1 8443
                visit "$1 load balancer over IPv6" 2600:1901::7 2001:db8::1 443
                visit "$1 next network over IPv6" 2600:1901:1::7 2001:db8::1 443
                echo "$1 itself: $(timeout 1 bash -c 'exec 3<>/dev/tcp/127.0.0.1/443' 2> /dev/null && echo in || echo out)"
            }
            visits before
            {{load}}
            visits after
            """);

        var (code, output) = await ProgramRun.StartAsync("unshare", "--net", "bash", "-e", script);

        Assert.True(code == 0, output);
        Assert.Equal(
            """
            before load balancer: in
            before next address: in
            before neighbour: in
            before neighbour at 22: in
            before load balancer at a published port: in
            before neighbour at a published port: in
            before load balancer over IPv6: in
            before next network over IPv6: in
            before itself: in
            after load balancer: in
            after next address: out
            after neighbour: out
            after neighbour at 22: in
            after load balancer at a published port: in
            after neighbour at a published port: out
            after load balancer over IPv6: in
            after next network over IPv6: out
            after itself: in

            """,
            output);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text + "\n");
        return path;
    }
}
