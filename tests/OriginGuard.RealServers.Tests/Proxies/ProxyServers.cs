namespace OriginGuard.RealServers.Tests.Proxies;

/// <summary>Recipes for real proxies in front of a guarded origin.</summary>
internal static class ProxyServers
{
    /// <summary>A proxy that comes from one address and hands on what the client sent, with what <paramref name="nginx"/> or <paramref name="haproxy"/> say on top.</summary>
    /// <param name="kind">Which proxy, and how it speaks to the origin.</param>
    /// <param name="origin">Where it forwards to.</param>
    /// <param name="source">Where it connects from.</param>
    /// <param name="nginx">Directives for nginx' location.</param>
    /// <param name="haproxy">Directives for HAProxy's backend.</param>
    public static Task<RealServer> StartAsync(
        ProxyKind kind, ProxiedOrigin origin, string source = ProxiedOrigin.LoadBalancer, string nginx = "", string haproxy = "") =>
        kind is ProxyKind.Nginx ? StartNginxAsync(origin, source, nginx) : StartHAProxyAsync(kind, origin, source, haproxy);

    private static Task<RealServer> StartNginxAsync(ProxiedOrigin origin, string source, string directives) =>
        RealServer.StartAsync(ServerProgram.Nginx, setup =>
        {
            var path = setup.Write("nginx.conf", $$"""
                daemon off; master_process off; worker_processes 1;
                pid "{{setup.PathOf("nginx.pid")}}"; error_log stderr warn;
                events { worker_connections 256; }
                http {
                  access_log off; server_tokens off; client_max_body_size 0;
                  client_body_temp_path "{{setup.PathOf("t1")}}"; proxy_temp_path "{{setup.PathOf("t2")}}";
                  fastcgi_temp_path "{{setup.PathOf("t3")}}"; uwsgi_temp_path "{{setup.PathOf("t4")}}"; scgi_temp_path "{{setup.PathOf("t5")}}";
                  upstream origin { server {{origin.Http1}}; keepalive 4; }
                  map $http_upgrade $origin_connection { default upgrade; '' ''; }
                  server {
                    listen {{setup.EndPoint}};
                    underscores_in_headers on;
                    location / {
                      proxy_pass http://origin; proxy_bind {{source}}; proxy_http_version 1.1;
                      proxy_set_header Host $http_host;
                      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $origin_connection;
                      proxy_request_buffering off; proxy_buffering off;
                      {{directives}}
                    }
                  }
                }
                """);
            return ["-p", setup.Folder, "-e", "stderr", "-c", path];
        });

    private static Task<RealServer> StartHAProxyAsync(ProxyKind kind, ProxiedOrigin origin, string source, string directives) =>
        RealServer.StartAsync(ServerProgram.HAProxy, setup =>
        {
            var isHttp2 = kind is ProxyKind.HAProxyHttp2;
            var path = setup.Write("haproxy.cfg", $"""
                global
                  nbthread 1
                  maxconn 256
                  h1-case-adjust x-origin-guard X-Origin-Guard
                  h1-case-adjust x-forwarded-for X-Forwarded-For
                defaults
                  mode http
                  timeout connect 30s
                  timeout client 60s
                  timeout server 60s
                  timeout tunnel 60s
                frontend clients
                  bind {setup.EndPoint}
                  default_backend origin
                backend origin
                  {(kind is ProxyKind.HAProxyProperCase ? "option h1-case-adjust-bogus-server" : "")}
                  http-reuse always
                  source {source}
                {Indented(directives)}
                  server origin {(isHttp2 ? $"{origin.Http2} proto h2" : $"{origin.Http1}")}

                """);
            return ["-db", "-q", "-f", path];
        });

    private static string Indented(string directives) => string.Join('\n', directives.Split('\n').Select(line => $"  {line}"));
}
